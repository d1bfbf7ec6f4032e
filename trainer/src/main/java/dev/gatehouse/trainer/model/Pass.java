package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Random;

/**
 * How a batch goes through a model.
 *
 * @param training whether batch normalisation uses the batch's own statistics and gates add noise
 * @param temperature divides the gate's scores
 * @param noiseSeed what noise is drawn from: the same seed draws the same noise on every JDK
 */
public record Pass(boolean training, double temperature, long noiseSeed) {
  /** A step of training. */
  public static Pass training(double temperature, long noiseSeed) {
    return new Pass(true, temperature, noiseSeed);
  }

  /** An answer as it is served. */
  public static Pass inference(double temperature) {
    return new Pass(false, temperature, 0);
  }

  /** Noise of a standard normal distribution. */
  public NDArray normal(NDManager manager, Shape shape) {
    Random random = new Random(noiseSeed);
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return manager.create(values, shape);
  }
}
