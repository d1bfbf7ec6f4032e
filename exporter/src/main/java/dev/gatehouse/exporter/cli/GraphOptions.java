package dev.gatehouse.exporter.cli;

import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options that decide how a model's graphs are written. */
final class GraphOptions {
  @ArgGroup private Weights weights = new Weights();

  @Option(
      names = "--input",
      paramLabel = "TYPE",
      defaultValue = "float",
      description =
          "What model.onnx takes: float, or uint8 where the data are bytes"
              + " (default: ${DEFAULT-VALUE}). The values are the same.")
  private Input input = Input.FLOAT;

  /** One of the two. */
  private static final class Weights {
    @Option(
        names = "--precision",
        paramLabel = "FORM",
        description =
            "How weights are stored: fp32 (the default), or fp16, half the bytes. Graphs compute"
                + " with fp32 all the same.")
    private @Nullable Floats precision;

    @Option(
        names = "--quantize",
        paramLabel = "INTEGERS",
        description =
            "int8: store weights so, a quarter of the bytes, one scale an output. w8a8: multiply"
                + " 8-bit integers in the larger layers too, up to four times as fast on"
                + " processors with instructions for it.")
    private @Nullable Integers quantize;
  }

  private enum Floats {
    FP32,
    FP16
  }

  private enum Integers {
    INT8,
    W8A8
  }

  private enum Input {
    FLOAT,
    UINT8
  }

  Precision.Weights weights() {
    if (weights.quantize != null) {
      return Precision.Weights.INT8;
    }
    return weights.precision == Floats.FP16 ? Precision.Weights.FLOAT16 : Precision.Weights.FLOAT32;
  }

  /** Whether the larger layers compute in integers. */
  boolean integers() {
    return weights.quantize == Integers.W8A8;
  }

  Datatype input() {
    return input == Input.UINT8 ? Datatype.UINT8 : Datatype.FP32;
  }
}
