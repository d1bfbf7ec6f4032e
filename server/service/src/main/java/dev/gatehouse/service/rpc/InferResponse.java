package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.proto.oip.ModelInferResponse;
import dev.gatehouse.proto.oip.ModelInferResponse.InferOutputTensor;
import dev.gatehouse.service.repository.ServedModel;
import dev.gatehouse.service.rpc.wire.EncodedMessage;
import dev.gatehouse.service.rpc.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Says a prediction as the Open Inference Protocol does. The raw form is written by hand, byte for
 * byte as the library would.
 *
 * @param served the model that answers
 * @param id the request's
 * @param raw true for raw contents, false for typed ones
 * @param outputs what is asked for
 */
record InferResponse(ServedModel served, String id, boolean raw, List<InferOutput> outputs) {
  /** A usual response of one row. */
  private static final int USUAL_BYTES = 256;

  /** The encoded response. */
  EncodedMessage of(Prediction prediction) {
    List<InferOutput.Values> values = new ArrayList<>(outputs.size());
    for (int i = 0; i < outputs.size(); i++) {
      values.add(outputs.get(i).of(prediction));
    }
    return new EncodedMessage(raw ? rawForm(values) : typedForm(values).toByteArray());
  }

  private byte[] rawForm(List<InferOutput.Values> values) {
    WireWriter message = new WireWriter(USUAL_BYTES);
    message.text(ModelInferResponse.MODEL_NAME_FIELD_NUMBER, served.name());
    message.text(ModelInferResponse.MODEL_VERSION_FIELD_NUMBER, Integer.toString(served.version()));
    message.text(ModelInferResponse.ID_FIELD_NUMBER, id);
    for (int i = 0; i < outputs.size(); i++) {
      outputs.get(i).describe(values.get(i), message);
    }
    for (InferOutput.Values output : values) {
      output.writeRaw(message, ModelInferResponse.RAW_OUTPUT_CONTENTS_FIELD_NUMBER);
    }
    return message.toBytes();
  }

  private ModelInferResponse typedForm(List<InferOutput.Values> values) {
    ModelInferResponse.Builder answer =
        ModelInferResponse.newBuilder()
            .setModelName(served.name())
            .setModelVersion(Integer.toString(served.version()))
            .setId(id);
    for (int i = 0; i < outputs.size(); i++) {
      InferOutputTensor.Builder tensor =
          answer
              .addOutputsBuilder()
              .setName(outputs.get(i).wireName())
              .setDatatype(outputs.get(i).datatype())
              .setContents(values.get(i).typed());
      for (long dim : values.get(i).dims()) {
        tensor.addShape(dim);
      }
    }
    return answer.build();
  }
}
