package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.pipeline.Call;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.service.repository.Lease;
import java.util.function.Function;

/**
 * A gRPC call as the engine sees it. Whatever its end, the model and the request's memory are given
 * back.
 *
 * @param rows the rows
 * @param reply what the caller waits for
 * @param lease of the model
 * @param release gives back the memory of the rows
 * @param response the message that says a prediction
 * @param <A> the response
 */
record ModelCall<A>(
    RowSource rows, Reply<A> reply, Lease lease, Runnable release, Function<Prediction, A> response)
    implements Call {
  @Override
  public boolean isWaiting() {
    return reply.isWaiting();
  }

  @Override
  public long deadline() {
    return reply.deadline();
  }

  @Override
  public void answered(Prediction prediction) {
    try {
      reply.send(response.apply(prediction));
    } catch (RuntimeException | OutOfMemoryError e) {
      reply.fail(e);
    } finally {
      end();
    }
  }

  @Override
  public void failed(Throwable reason) {
    try {
      reply.fail(reason);
    } finally {
      end();
    }
  }

  @Override
  public void dropped() {
    try {
      reply.drop();
    } finally {
      end();
    }
  }

  private void end() {
    release.run();
    lease.close();
  }
}
