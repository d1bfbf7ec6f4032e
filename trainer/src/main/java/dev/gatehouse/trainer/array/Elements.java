package dev.gatehouse.trainer.array;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** The elements of an array that lives long, read to Java. */
public final class Elements {
  private Elements() {}

  /**
   * All of them, row-major. Of an array on a GPU DJL makes a copy on the CPU to read from, which it
   * gives to the manager of what is read: here a view's, which is closed again.
   */
  public static float[] floats(NDArray array) {
    try (NDManager scope = array.getManager().newSubManager()) {
      NDArray view = array.stopGradient();
      view.attach(scope);
      return view.toFloatArray();
    }
  }
}
