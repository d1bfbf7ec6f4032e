package dev.gatehouse.service.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Overwrites an expert's weights in an ONNX file with NaN, field by field on the wire: {@code
 * ModelProto.graph} is 7, {@code GraphProto.initializer} 5, {@code TensorProto.data_type} 2, {@code
 * name} 8, {@code raw_data} 9.
 */
public final class NanExperts {
  private static final int GRAPH = 7;
  private static final int INITIALIZER = 5;
  private static final int DATA_TYPE = 2;
  private static final int NAME = 8;
  private static final int RAW_DATA = 9;
  private static final long FLOAT = 1;

  private NanExperts() {}

  /**
   * Writes {@code model} to {@code target} with every float weight of {@code expert} NaN.
   *
   * @return the number of weight tensors that were overwritten
   */
  public static int poison(Path model, int expert, Path target) throws IOException {
    UnknownFieldSet parsed = UnknownFieldSet.parseFrom(Files.readAllBytes(model));
    UnknownFieldSet graph =
        UnknownFieldSet.parseFrom(parsed.getField(GRAPH).getLengthDelimitedList().get(0));
    Field.Builder initializers = Field.newBuilder();
    int poisoned = 0;
    for (ByteString bytes : graph.getField(INITIALIZER).getLengthDelimitedList()) {
      UnknownFieldSet tensor = UnknownFieldSet.parseFrom(bytes);
      if (isWeightOf(tensor, expert)) {
        tensor = withNan(tensor);
        poisoned++;
      }
      initializers.addLengthDelimited(tensor.toByteString());
    }
    UnknownFieldSet changed =
        UnknownFieldSet.newBuilder(graph).addField(INITIALIZER, initializers.build()).build();
    UnknownFieldSet whole =
        UnknownFieldSet.newBuilder(parsed)
            .addField(GRAPH, Field.newBuilder().addLengthDelimited(changed.toByteString()).build())
            .build();
    Files.write(target, whole.toByteArray());
    return poisoned;
  }

  private static boolean isWeightOf(UnknownFieldSet tensor, int expert) {
    return tensor.getField(NAME).getLengthDelimitedList().stream()
            .anyMatch(name -> name.toStringUtf8().startsWith("experts." + expert + "."))
        && tensor.getField(DATA_TYPE).getVarintList().equals(List.of(FLOAT));
  }

  private static UnknownFieldSet withNan(UnknownFieldSet tensor) {
    int length = tensor.getField(RAW_DATA).getLengthDelimitedList().get(0).size();
    ByteBuffer nan = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (nan.hasRemaining()) {
      nan.putFloat(Float.NaN);
    }
    return UnknownFieldSet.newBuilder(tensor)
        .addField(RAW_DATA, bytes(ByteString.copyFrom(nan.flip())))
        .build();
  }

  private static Field bytes(ByteString value) {
    return Field.newBuilder().addLengthDelimited(value).build();
  }
}
