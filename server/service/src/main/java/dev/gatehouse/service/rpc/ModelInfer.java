package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.service.repository.Lease;
import dev.gatehouse.service.repository.ServedModel;
import dev.gatehouse.service.rpc.wire.EncodedMessage;

/**
 * {@code ModelInfer} of the Open Inference Protocol.
 *
 * @param models finds models as the protocol names them
 */
record ModelInfer(NamedModels models) implements Deferred.Service<InferRequest, EncodedMessage> {
  @Override
  public void answer(InferRequest request, Reply<EncodedMessage> reply) {
    Lease lease = null;
    boolean submitted = false;
    try {
      lease = models.borrow(request.modelName(), request.modelVersion());
      ServedModel served = lease.served();
      RowSource rows = request.rows(served.model().manifest().input());
      InferResponse response =
          new InferResponse(served, request.id(), request.isRaw(), request.outputs());
      submitted = true;
      served
          .model()
          .submit(
              new ModelCall<>(rows, reply, lease, request::release, response::of),
              EventLoops.tick());
    } finally {
      if (!submitted) {
        request.release();
        if (lease != null) {
          lease.close();
        }
      }
    }
  }
}
