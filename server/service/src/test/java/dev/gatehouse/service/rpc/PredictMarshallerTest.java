package dev.gatehouse.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.v1.Images;
import dev.gatehouse.proto.v1.PredictRequest;
import dev.gatehouse.proto.v1.Tensor;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a message may make of memory before anybody has looked at it. */
class PredictMarshallerTest {
  @Test
  void shouldRefuseImagesOfNoSizeBeforeTheyTakeMemory() {
    byte[] message = images(1 << 20, 0).toByteArray();
    long before = allocated();

    Supplier<PredictRequest> read = read(message);

    assertThat(allocated() - before).isLessThan(3L * message.length + (1 << 20));
    assertThatThrownBy(read::get)
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("at most 1024 fields in all")
        .hasMessageContaining("values of under 32 bytes");
  }

  @Test
  void shouldReadAsManyImagesAsAMessageHolds() {
    // The least that a PNG takes is 67 bytes.
    PredictRequest request = images(100_000, 67);

    assertThat(read(request.toByteArray()).get()).isEqualTo(request);
  }

  @Test
  void shouldReadATensor() {
    PredictRequest request =
        PredictRequest.newBuilder()
            .setModel("digits")
            .setVersion(3)
            .setRouting(true)
            .setTensor(Tensor.newBuilder().setRows(2).setUint8(ByteString.copyFrom(new byte[128])))
            .build();

    assertThat(read(request.toByteArray()).get()).isEqualTo(request);
  }

  @Test
  void shouldSayWhatIsWrongWithADamagedMessage() {
    byte[] message = images(1, 67).toByteArray();
    byte[] cut = ByteString.copyFrom(message).substring(0, message.length - 1).toByteArray();

    assertThatThrownBy(read(cut)::get)
        .isInstanceOf(BadInput.class)
        .hasMessage("the request cannot be read: a length beyond the end");
  }

  private static PredictRequest images(int count, int bytes) {
    ByteString image = ByteString.copyFrom(new byte[bytes]);
    return PredictRequest.newBuilder()
        .setImages(Images.newBuilder().addAllEncoded(Collections.nCopies(count, image)))
        .build();
  }

  private static Supplier<PredictRequest> read(byte[] message) {
    return new PredictMarshaller().parse(new ByteArrayInputStream(message));
  }

  private static long allocated() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }
}
