package dev.gatehouse.service.rpc;

import com.google.protobuf.ByteString;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.oip.InferTensorContents;
import dev.gatehouse.proto.oip.ModelInferResponse;
import dev.gatehouse.proto.oip.ModelInferResponse.InferOutputTensor;
import dev.gatehouse.service.rpc.wire.WireWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The outputs of a model in the Open Inference Protocol: those that it answers when none is named,
 * and the gate's, which are answered when they are named.
 */
enum InferOutput {
  /** FP32 {@code [batch, classes]}. */
  PROBABILITIES(Manifest.PROBABILITIES, "FP32", true),
  /** INT64 {@code [batch]}. */
  CLASS(Manifest.CLASS, "INT64", true),
  /** FP32 {@code [batch, experts]}. */
  GATE_PROBABILITIES(Manifest.GATE_PROBABILITIES, "FP32", false),
  /** INT64 {@code [batch, k]}; -1 behind the experts of a row that ran fewer than k. */
  EXPERT_INDICES(Manifest.EXPERT_INDICES, "INT64", false),
  /** FP32 {@code [batch, k]}; 0 beside a -1. */
  EXPERT_WEIGHTS(Manifest.EXPERT_WEIGHTS, "FP32", false);

  /** Those that are answered when the request names none. */
  private static final List<InferOutput> DEFAULTS =
      Stream.of(values()).filter(output -> output.byDefault).toList();

  private final String wireName;
  private final String datatype;
  private final boolean byDefault;
  private final ByteString nameAndDatatype;

  InferOutput(String wireName, String datatype, boolean byDefault) {
    this.wireName = wireName;
    this.datatype = datatype;
    this.byDefault = byDefault;
    WireWriter fields = new WireWriter(wireName.length() + datatype.length());
    fields.text(InferOutputTensor.NAME_FIELD_NUMBER, wireName);
    fields.text(InferOutputTensor.DATATYPE_FIELD_NUMBER, datatype);
    this.nameAndDatatype = ByteString.copyFrom(fields.toBytes());
  }

  /** Name in requests and responses. */
  String wireName() {
    return wireName;
  }

  /** The protocol's name of its element type. */
  String datatype() {
    return datatype;
  }

  /** Says what tensor of these values a response holds; its elements are written apart. */
  void describe(Values values, WireWriter response) {
    response.message(
        ModelInferResponse.OUTPUTS_FIELD_NUMBER,
        nameAndDatatype,
        InferOutputTensor.SHAPE_FIELD_NUMBER,
        values.dims());
  }

  /** This output's values of a prediction. */
  Values of(Prediction prediction) {
    int rows = prediction.rows();
    Routing routing = prediction.routing();
    return switch (this) {
      case PROBABILITIES -> new Values.Fp32(rows, prediction.classes(), prediction.probabilities());
      case CLASS -> new Values.Int64(rows, Values.NO_WIDTH, prediction.classIndices());
      case GATE_PROBABILITIES ->
          new Values.Fp32(rows, routing.experts(), routing.gateProbabilities());
      case EXPERT_INDICES -> new Values.Int64(rows, routing.k(), routing.expertIndices());
      case EXPERT_WEIGHTS -> new Values.Fp32(rows, routing.k(), routing.expertWeights());
    };
  }

  /**
   * The outputs to answer, in the order of {@code names}; the default ones where there is none.
   *
   * @throws BadInput when one is unknown, or asked for twice
   */
  static List<InferOutput> named(List<String> names) {
    if (names.isEmpty()) {
      return DEFAULTS;
    }
    Set<InferOutput> outputs = new LinkedHashSet<>();
    for (String name : names) {
      if (!outputs.add(named(name))) {
        throw new BadInput("output '" + name + "' is asked for twice");
      }
    }
    return List.copyOf(outputs);
  }

  private static InferOutput named(String name) {
    return Stream.of(values())
        .filter(output -> output.wireName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInput(
                    "unknown output '"
                        + name
                        + "'; the model has "
                        + Stream.of(values()).map(InferOutput::wireName).toList()));
  }

  /** Those that say how a row was routed. */
  static List<InferOutput> routing() {
    return Stream.of(values()).filter(output -> !output.byDefault).toList();
  }

  /** One output's values, row-major, in either of the protocol's two forms. */
  sealed interface Values {
    /** Width of an output of shape {@code [batch]}. */
    int NO_WIDTH = 0;

    int rows();

    /** Values a row, or {@link #NO_WIDTH}. */
    int width();

    /** Writes the elements, little-endian, as a field of bytes. */
    void writeRaw(WireWriter to, int field);

    /** The list of this element type. */
    InferTensorContents typed();

    /** {@code [rows]} or {@code [rows, width]}. */
    default long[] dims() {
      return width() == NO_WIDTH ? new long[] {rows()} : new long[] {rows(), width()};
    }

    /** 32-bit floats. */
    record Fp32(int rows, int width, float[] values) implements Values {
      @Override
      public void writeRaw(WireWriter to, int field) {
        to.floats(field, values);
      }

      @Override
      public InferTensorContents typed() {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        for (float value : values) {
          contents.addFp32Contents(value);
        }
        return contents.build();
      }
    }

    /** 64-bit integers on the wire. */
    record Int64(int rows, int width, int[] values) implements Values {
      @Override
      public void writeRaw(WireWriter to, int field) {
        to.longs(field, values);
      }

      @Override
      public InferTensorContents typed() {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        for (int value : values) {
          contents.addInt64Contents(value);
        }
        return contents.build();
      }
    }
  }
}
