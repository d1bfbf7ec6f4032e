package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.network.InputSpec;
import java.util.List;

/**
 * A request that is not read. Whoever asks for any of it gets the reason: what a marshaller throws
 * would reach the caller without it.
 *
 * @param reason why
 */
record RefusedInferRequest(RuntimeException reason) implements InferRequest {
  @Override
  public String modelName() {
    throw reason;
  }

  @Override
  public String modelVersion() {
    throw reason;
  }

  @Override
  public String id() {
    throw reason;
  }

  @Override
  public List<InferOutput> outputs() {
    throw reason;
  }

  @Override
  public RowSource rows(InputSpec input) {
    throw reason;
  }

  @Override
  public boolean isRaw() {
    throw reason;
  }

  @Override
  public void release() {
    // Nothing is held.
  }
}
