package dev.gatehouse.exporter.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Shape;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IntegerLayersTest {
  private static final OptionalInt NO_HEAD = OptionalInt.empty();

  private static IntegerLayers of(Shape input, OptionalInt head, Layer... trunk) {
    return IntegerLayers.of(new Network(List.of(trunk), Network.Tap.AFTER_RELU), input, head);
  }

  private static int[] all(IntegerLayers layers) {
    return IntStream.range(0, layers.network().trunk().size()).filter(layers::has).toArray();
  }

  /** 64 inputs times 512 outputs is 32,768. */
  @Test
  void shouldBeginAt64InputsAnd32768Products() {
    assertThat(of(Shape.of(64), NO_HEAD, new Layer.Linear(512)).any()).isTrue();
    assertThat(of(Shape.of(64), NO_HEAD, new Layer.Linear(511)).any()).isFalse();
    assertThat(of(Shape.of(63), NO_HEAD, new Layer.Linear(4096)).any()).isFalse();
    assertThat(of(Shape.of(8), OptionalInt.of(512), new Layer.Linear(64)).hasHead()).isTrue();
    assertThat(of(Shape.of(8), OptionalInt.of(511), new Layer.Linear(64)).any()).isFalse();
  }

  /** What is before the last large layer computes in integers too, and nothing behind it. */
  @Test
  void shouldReachFromTheFirstLayerToTheLastLargeOne() {
    IntegerLayers layers =
        of(
            Shape.of(10),
            OptionalInt.of(4),
            new Layer.Linear(64),
            new Layer.Relu(),
            new Layer.Linear(512),
            new Layer.Relu(),
            new Layer.Linear(20));

    assertThat(all(layers)).containsExactly(0, 2);
    assertThat(layers.hasHead()).isFalse();
  }

  /** A convolution makes levels, and what takes them computes with them. */
  @Test
  void shouldReachToWhatTakesTheLevelsOfAConvolution() {
    Layer.Conv2d large = new Layer.Conv2d(8, 3, 1);
    Layer.Conv2d small = new Layer.Conv2d(1, 1, 0);

    assertThat(
            all(
                of(
                    Shape.of(8, 8, 8),
                    NO_HEAD,
                    large,
                    new Layer.Relu(),
                    small,
                    new Layer.MaxPool(2),
                    new Layer.Flatten(),
                    new Layer.Linear(7),
                    new Layer.Linear(7))))
        .containsExactly(0, 2, 5);
  }

  /** More products than 32 bits hold the sum of. */
  @Test
  void shouldNotReachASumThatMayOverflow() {
    assertThat(of(Shape.of(131_000), NO_HEAD, new Layer.Linear(1)).any()).isTrue();
    assertThat(of(Shape.of(132_000), NO_HEAD, new Layer.Linear(1)).any()).isFalse();
  }

  @Test
  void shouldNameWhatReadsAConvolution() {
    IntegerLayers layers =
        of(
            Shape.of(8, 8, 8),
            NO_HEAD,
            new Layer.Conv2d(8, 3, 1),
            new Layer.BatchNorm(),
            new Layer.MaxPool(2),
            new Layer.Relu(),
            new Layer.BatchNorm(),
            new Layer.Flatten(),
            new Layer.Linear(7));

    assertThat(all(layers)).containsExactly(0);
    assertThat(layers.readerOf(0)).isEqualTo(4);
    assertThat(layers.readsNumbers(4)).isTrue();
    assertThat(layers.readsNumbers(6)).isFalse();
  }
}
