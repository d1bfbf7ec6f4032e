package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import java.util.List;

/** What a caller of {@code ModelInfer} asks for, however its bytes were read. */
sealed interface InferRequest permits RawInferRequest, FullInferRequest, RefusedInferRequest {
  /** The model that is asked. */
  String modelName();

  /** Its version; empty for the highest. */
  String modelVersion();

  /** The caller's name for the request; empty for none. */
  String id();

  /**
   * The outputs to answer, in the request's order.
   *
   * @throws BadInput when one is unknown, or asked for twice
   */
  List<InferOutput> outputs();

  /**
   * The rows of the one input; to be read until {@link #release}.
   *
   * @param input what the model takes
   * @throws BadInput when the request does not fit it
   */
  RowSource rows(InputSpec input);

  /** True when the answer is to be raw, as the request was. */
  boolean isRaw();

  /** Gives back the memory that the rows are read from; a second call does nothing. */
  void release();
}
