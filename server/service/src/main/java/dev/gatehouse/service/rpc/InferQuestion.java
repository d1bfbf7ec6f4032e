package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.tensor.Rows;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a {@code ModelInferRequest}: one input, named as the model's, in raw or in typed form, and
 * the outputs that are asked for. What does not fit is refused in one line.
 *
 * @param request the request
 * @param input what the model takes
 */
record InferQuestion(ModelInferRequest request, InputSpec input) {
  /** Parameters that would change the answer and that this server does not have. */
  private static final List<String> UNSUPPORTED =
      List.of("classification", "shared_memory_region", "sequence_id");

  /** The outputs to answer, in the request's order. */
  List<InferOutput> outputs() {
    if (request.getOutputsCount() == 0) {
      return InferOutput.defaults();
    }
    Set<InferOutput> outputs = new LinkedHashSet<>();
    for (InferRequestedOutputTensor requested : request.getOutputsList()) {
      requireSupported("output '" + requested.getName() + "'", requested.getParametersMap());
      if (!outputs.add(output(requested.getName()))) {
        throw new BadInput("output '" + requested.getName() + "' is asked for twice");
      }
    }
    return List.copyOf(outputs);
  }

  /** True when the answer is to be raw, as the request was. */
  boolean isRaw() {
    return request.getRawInputContentsCount() > 0;
  }

  /** The rows, read from the one input. */
  Rows rows() {
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
    if (!tensor.getName().equals(input.name())) {
      throw new BadInput(
          "unknown input '" + tensor.getName() + "'; the model takes '" + input.name() + "'");
    }
    RowReader reader = new RowReader(input);
    Datatype type = reader.requireDatatype(tensor.getDatatype());
    int rows = reader.requireRows(batch(tensor.getShapeList()));
    return isRaw() ? raw(reader, rows, type, tensor) : typed(rows, type, tensor);
  }

  private static InferOutput output(String name) {
    return Stream.of(InferOutput.values())
        .filter(output -> output.wireName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInput(
                    "unknown output '"
                        + name
                        + "'; the model has "
                        + Stream.of(InferOutput.values()).map(InferOutput::wireName).toList()));
  }

  private static void requireSupported(String where, Map<String, InferParameter> parameters) {
    for (String key : UNSUPPORTED) {
      if (parameters.containsKey(key)) {
        throw new BadInput(where + " has the parameter '" + key + "', which this server lacks");
      }
    }
  }

  /** First dimension of {@code [batch, shape...]} or {@code [batch, elements]}. */
  private long batch(List<Long> shape) {
    List<Long> row = input.shape().dims().stream().map(Integer::longValue).toList();
    List<Long> flat = List.of((long) input.shape().elements());
    List<Long> given = shape.isEmpty() ? List.of() : shape.subList(1, shape.size());
    if (!given.equals(row) && !given.equals(flat)) {
      throw new BadInput(
          String.format(
              "input '%s' has the shape %s, the model takes %s or [-1, %d]",
              input.name(), shape, input.shape().batched(-1), input.shape().elements()));
    }
    return shape.get(0);
  }

  private Rows raw(RowReader reader, int rows, Datatype type, InferInputTensor tensor) {
    if (tensor.hasContents()) {
      throw new BadInput(
          "input '" + input.name() + "' has contents beside raw_input_contents; send one of both");
    }
    if (request.getRawInputContentsCount() != 1) {
      throw new BadInput(
          "raw_input_contents has "
              + request.getRawInputContentsCount()
              + " entries for one input");
    }
    return reader.raw(rows, type, request.getRawInputContents(0));
  }

  private Rows typed(int rows, Datatype type, InferInputTensor tensor) {
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
    return bytes
        ? Rows.ofUint8(rows, narrowed(contents.getUintContentsList()))
        : Rows.ofFp32(rows, fp32(contents));
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

  private ByteBuffer narrowed(List<Integer> values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.size());
    for (int value : values) {
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
