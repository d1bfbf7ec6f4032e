package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.oip.InferParameter;
import dev.gatehouse.proto.oip.InferTensorContents;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.proto.oip.ModelInferRequest.InferInputTensor;
import dev.gatehouse.proto.oip.ModelInferRequest.InferRequestedOutputTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * A request in any form that the protocol allows. What does not fit is refused in one line.
 *
 * @param request the request
 */
record FullInferRequest(ModelInferRequest request) implements InferRequest {
  /** Parameters that would change the answer and that this server does not have. */
  private static final List<String> UNSUPPORTED =
      List.of("classification", "shared_memory_region", "sequence_id");

  @Override
  public String modelName() {
    return request.getModelName();
  }

  @Override
  public String modelVersion() {
    return request.getModelVersion();
  }

  @Override
  public String id() {
    return request.getId();
  }

  @Override
  public List<InferOutput> outputs() {
    for (InferRequestedOutputTensor requested : request.getOutputsList()) {
      requireSupported("output '" + requested.getName() + "'", requested.getParametersMap());
    }
    return InferOutput.named(
        request.getOutputsList().stream().map(InferRequestedOutputTensor::getName).toList());
  }

  @Override
  public boolean isRaw() {
    return request.getRawInputContentsCount() > 0;
  }

  @Override
  public void release() {
    // The message owns its bytes.
  }

  @Override
  public RowSource rows(InputSpec input) {
    requireSupported("the request", request.getParametersMap());
    if (request.getInputsCount() != 1) {
      throw new BadInput(
          "the model takes one input, '"
              + input.name()
              + "'; the request has "
              + request.getInputsCount());
    }
    InferInputTensor tensor = request.getInputs(0);
    requireSupported("input '" + tensor.getName() + "'", tensor.getParametersMap());
    RowReader reader = new RowReader(input);
    reader.requireName(tensor.getName());
    Datatype type = reader.requireDatatype(tensor.getDatatype());
    int rows = reader.requireRows(reader.batch(tensor.getShapeList()));
    return isRaw() ? raw(reader, rows, type, tensor) : typed(reader, rows, type, tensor);
  }

  private static void requireSupported(String where, Map<String, InferParameter> parameters) {
    for (String key : UNSUPPORTED) {
      if (parameters.containsKey(key)) {
        throw new BadInput(where + " has the parameter '" + key + "', which this server lacks");
      }
    }
  }

  private RowSource raw(RowReader reader, int rows, Datatype type, InferInputTensor tensor) {
    if (tensor.hasContents()) {
      throw new BadInput(
          "input '"
              + tensor.getName()
              + "' has contents beside raw_input_contents; send one of both");
    }
    if (request.getRawInputContentsCount() != 1) {
      throw new BadInput(
          "raw_input_contents has "
              + request.getRawInputContentsCount()
              + " entries for one input");
    }
    return reader.raw(rows, type, request.getRawInputContents(0).asReadOnlyByteBuffer());
  }

  private static RowSource typed(
      RowReader reader, int rows, Datatype type, InferInputTensor tensor) {
    InputSpec input = reader.input();
    if (!tensor.hasContents()) {
      throw new BadInput(
          "input '" + input.name() + "' has no data: neither contents nor raw_input_contents");
    }
    InferTensorContents contents = tensor.getContents();
    boolean bytes = type == Datatype.UINT8;
    int count = bytes ? contents.getUintContentsCount() : contents.getFp32ContentsCount();
    String list = bytes ? "uint_contents" : "fp32_contents";
    if (count != elements(contents)) {
      throw new BadInput(
          "input '" + input.name() + "' of " + type + " fills another list than " + list);
    }
    long expected = (long) rows * input.shape().elements();
    if (count != expected) {
      throw new BadInput(
          String.format(
              "input '%s' has %d values in %s where its shape has %d",
              input.name(), count, list, expected));
    }
    return reader.raw(rows, type, bytes ? narrowed(input, contents) : fp32(contents));
  }

  /** Elements in all lists together. */
  private static int elements(InferTensorContents contents) {
    return contents.getBoolContentsCount()
        + contents.getIntContentsCount()
        + contents.getInt64ContentsCount()
        + contents.getUintContentsCount()
        + contents.getUint64ContentsCount()
        + contents.getFp32ContentsCount()
        + contents.getFp64ContentsCount()
        + contents.getBytesContentsCount();
  }

  private static ByteBuffer narrowed(InputSpec input, InferTensorContents contents) {
    int count = contents.getUintContentsCount();
    ByteBuffer bytes = ByteBuffer.allocate(count);
    for (int i = 0; i < count; i++) {
      int value = contents.getUintContents(i);
      if (value < 0 || value > 0xff) {
        throw new BadInput(
            "input '"
                + input.name()
                + "' has a value outside UINT8; value="
                + Integer.toUnsignedString(value));
      }
      bytes.put((byte) value);
    }
    return bytes.flip();
  }

  private static ByteBuffer fp32(InferTensorContents contents) {
    int count = contents.getFp32ContentsCount();
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putFloat(contents.getFp32Contents(i));
    }
    return bytes.flip();
  }
}
