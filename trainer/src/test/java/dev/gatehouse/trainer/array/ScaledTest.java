package dev.gatehouse.trainer.array;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScaledTest {
  @Test
  void aGarbageCollectionBetweenForwardAndBackwardDoesNotChangeTheGradient() {
    try (NDManager manager = NDManager.newBaseManager()) {
      for (int i = 0; i < 5; i++) {
        NDArray x = manager.ones(new Shape(3));
        x.setRequiresGradient(true);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
          NDArray y = Scaled.by(x, 3).sum();
          List<ByteBuffer> whatIsFreed = claimed();
          collector.backward(y);
          assertThat(x.getGradient().toFloatArray()).containsExactly(3, 3, 3);
          assertThat(whatIsFreed).isNotEmpty();
        }
      }
    }
  }

  @Test
  void shapeAndDataTypeStay() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray scalar = Scaled.by(manager.create(4f), 0.5);
      assertThat(scalar.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(scalar.getShape()).isEqualTo(new Shape());
      assertThat(scalar.getFloat()).isEqualTo(2);
      assertThat(Scaled.by(manager.create(new long[] {3, 4}), 2).toLongArray())
          .containsExactly(6, 8);
    }
  }

  /** Collects garbage, then writes sevens over the memory that Java let go of. */
  private static List<ByteBuffer> claimed() {
    System.gc();
    List<ByteBuffer> sevens = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      ByteBuffer seven = ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
      sevens.add(seven.putFloat(0, 7));
    }
    return sevens;
  }
}
