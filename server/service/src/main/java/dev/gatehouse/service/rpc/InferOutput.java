package dev.gatehouse.service.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.oip.InferTensorContents;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
  PROBABILITIES(Manifest.PROBABILITIES, true),
  /** INT64 {@code [batch]}. */
  CLASS(Manifest.CLASS, true),
  /** FP32 {@code [batch, experts]}. */
  GATE_PROBABILITIES(Manifest.GATE_PROBABILITIES, false),
  /** INT64 {@code [batch, k]}. */
  EXPERT_INDICES(Manifest.EXPERT_INDICES, false),
  /** FP32 {@code [batch, k]}. */
  EXPERT_WEIGHTS(Manifest.EXPERT_WEIGHTS, false);

  /** Those that are answered when the request names none. */
  private static final List<InferOutput> DEFAULTS =
      Stream.of(values()).filter(output -> output.byDefault).toList();

  private final String wireName;
  private final boolean byDefault;

  InferOutput(String wireName, boolean byDefault) {
    this.wireName = wireName;
    this.byDefault = byDefault;
  }

  /** Name in requests and responses. */
  String wireName() {
    return wireName;
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

    /** The protocol's name of the element type. */
    String datatype();

    /** Little-endian elements. */
    ByteString raw();

    /** The list of this element type. */
    InferTensorContents typed();

    /** {@code [rows]} or {@code [rows, width]}. */
    default List<Long> shape() {
      return width() == NO_WIDTH ? List.of((long) rows()) : List.of((long) rows(), (long) width());
    }

    /** 32-bit floats. */
    record Fp32(int rows, int width, float[] values) implements Values {
      @Override
      public String datatype() {
        return "FP32";
      }

      @Override
      public ByteString raw() {
        ByteBuffer bytes = littleEndian(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return UnsafeByteOperations.unsafeWrap(bytes);
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
      public String datatype() {
        return "INT64";
      }

      @Override
      public ByteString raw() {
        ByteBuffer bytes = littleEndian(values.length * Long.BYTES);
        for (int i = 0; i < values.length; i++) {
          bytes.putLong(i * Long.BYTES, values[i]);
        }
        return UnsafeByteOperations.unsafeWrap(bytes);
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

    private static ByteBuffer littleEndian(int bytes) {
      return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
