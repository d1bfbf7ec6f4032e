package dev.gatehouse.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.proto.oip.ModelInferResponse;
import dev.gatehouse.service.repository.ServedModel;
import dev.gatehouse.service.testing.Golden;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The hand-written encoder beside Protocol Buffers' own. */
class InferResponseTest {
  @Test
  void shouldWriteTheBytesThatTheLibraryWrites() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (MoeModel model = MoeModel.open(Golden.MODELS.resolve(Golden.TOP1).resolve("1"))) {
      for (int i = 0; i < 500; i++) {
        ServedModel served = new ServedModel("größe-" + i, 1 + random.nextInt(1 << 20), model);
        Prediction prediction = prediction(random);
        List<InferOutput> outputs = new ArrayList<>(List.of(InferOutput.values()));
        Collections.shuffle(outputs, random);
        outputs = outputs.subList(0, random.nextInt(outputs.size() + 1));
        String id = "x".repeat(random.nextInt(300));

        byte[] bytes = new InferResponse(served, id, true, outputs).of(prediction).bytes();

        assertThat(bytes)
            .as("seed %d, case %d", seed, i)
            .isEqualTo(library(served, id, outputs, prediction).toByteArray());
      }
    }
  }

  private static Prediction prediction(Random random) {
    int rows = 1 + random.nextInt(200);
    int experts = 1 + random.nextInt(9);
    int k = 1 + random.nextInt(experts);
    int classes = 2 + random.nextInt(20);
    int[] indices = random.ints((long) rows * k, 0, experts).toArray();
    return Prediction.of(
        rows,
        classes,
        floats(random, rows * classes),
        new Routing(
            rows, experts, k, floats(random, rows * experts), indices, floats(random, rows * k)));
  }

  private static float[] floats(Random random, int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = random.nextFloat();
    }
    return floats;
  }

  private static ModelInferResponse library(
      ServedModel served, String id, List<InferOutput> outputs, Prediction prediction) {
    Routing routing = prediction.routing();
    long rows = prediction.rows();
    ModelInferResponse.Builder answer =
        ModelInferResponse.newBuilder()
            .setModelName(served.name())
            .setModelVersion(Integer.toString(served.version()))
            .setId(id);
    for (InferOutput output : outputs) {
      var tensor = answer.addOutputsBuilder().setName(output.wireName()).addShape(rows);
      switch (output) {
        case PROBABILITIES -> {
          tensor.setDatatype("FP32").addShape(prediction.classes());
          answer.addRawOutputContents(bytes(prediction.probabilities()));
        }
        case CLASS -> {
          tensor.setDatatype("INT64");
          answer.addRawOutputContents(bytes(prediction.classIndices()));
        }
        case GATE_PROBABILITIES -> {
          tensor.setDatatype("FP32").addShape(routing.experts());
          answer.addRawOutputContents(bytes(routing.gateProbabilities()));
        }
        case EXPERT_INDICES -> {
          tensor.setDatatype("INT64").addShape(routing.k());
          answer.addRawOutputContents(bytes(routing.expertIndices()));
        }
        case EXPERT_WEIGHTS -> {
          tensor.setDatatype("FP32").addShape(routing.k());
          answer.addRawOutputContents(bytes(routing.expertWeights()));
        }
      }
    }
    return answer.build();
  }

  private static ByteString bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return ByteString.copyFrom(bytes);
  }

  private static ByteString bytes(int[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putLong(value);
    }
    return ByteString.copyFrom(bytes.flip());
  }
}
