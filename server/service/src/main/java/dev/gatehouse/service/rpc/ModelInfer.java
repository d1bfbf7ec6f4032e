package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.oip.ModelInferResponse;
import dev.gatehouse.service.repository.Lease;
import dev.gatehouse.service.repository.ServedModel;
import java.util.List;

/**
 * {@code ModelInfer} of the Open Inference Protocol.
 *
 * @param models finds models as the protocol names them
 */
record ModelInfer(NamedModels models)
    implements Deferred.Service<InferRequest, ModelInferResponse> {
  @Override
  public void answer(InferRequest request, Reply<ModelInferResponse> reply) {
    Lease lease = null;
    boolean submitted = false;
    try {
      lease = models.borrow(request.modelName(), request.modelVersion());
      ServedModel served = lease.served();
      RowSource rows = request.rows(served.model().manifest().input());
      List<InferOutput> outputs = request.outputs();
      Framing framing = new Framing(served, request.id(), request.isRaw(), outputs);
      submitted = true;
      served
          .model()
          .submit(
              new ModelCall<>(rows, reply, lease, request::release, framing::response),
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

  /** What an answer needs of its request, whose bytes may be gone by then. */
  private record Framing(ServedModel served, String id, boolean raw, List<InferOutput> outputs) {
    ModelInferResponse response(Prediction prediction) {
      ModelInferResponse.Builder answer =
          ModelInferResponse.newBuilder()
              .setModelName(served.name())
              .setModelVersion(Integer.toString(served.version()))
              .setId(id);
      for (InferOutput output : outputs) {
        InferOutput.Values values = output.of(prediction);
        var tensor =
            answer
                .addOutputsBuilder()
                .setName(output.wireName())
                .setDatatype(values.datatype())
                .addAllShape(values.shape());
        if (raw) {
          answer.addRawOutputContents(values.raw());
        } else {
          tensor.setContents(values.typed());
        }
      }
      return answer.build();
    }
  }
}
