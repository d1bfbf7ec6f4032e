package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Shape;
import java.util.List;
import java.util.function.Predicate;

/**
 * How the rows of an epoch are cut into steps.
 *
 * @param rows of an epoch
 * @param size rows a step; the last has what is left
 * @param atLeastTwo whether a single row that is left goes into the step before it
 */
record Batches(int rows, int size, boolean atLeastTwo) {
  /**
   * The batches of a model.
   *
   * @param trains names of the parameters that train
   */
  static Batches of(int rows, int size, ModelSpec spec, Predicate<String> trains) {
    return new Batches(rows, size, normalisesFeatures(spec, trains));
  }

  /**
   * Refuses batches that a model cannot be trained on.
   *
   * @throws BadInput when each is a single row, whose variance batch normalisation over features
   *     cannot tell
   */
  static void require(int rows, int size, ModelSpec spec, Predicate<String> trains) {
    if ((size == 1 || rows == 1) && normalisesFeatures(spec, trains)) {
      throw new BadInput(
          "batch normalisation over features takes two rows a batch or more;"
              + " batch=%d, training rows=%d".formatted(size, rows));
    }
  }

  /** Number of steps. */
  int count() {
    boolean joined = atLeastTwo && rows > size && rows % size == 1;
    return Math.toIntExact((rows + size - 1L) / size) - (joined ? 1 : 0);
  }

  /** The first row of a step, counted from 0, in the epoch's order. */
  int from(int step) {
    return step * size;
  }

  /** Behind the last row of a step. */
  int to(int step) {
    return step == count() - 1 ? rows : (step + 1) * size;
  }

  private static boolean normalisesFeatures(ModelSpec spec, Predicate<String> trains) {
    Network gate = spec.gate().network();
    Shape in = spec.input().networkShape();
    return (gate != null && normalisesFeatures(gate, in, GateSpec.PREFIX, trains))
        || (spec.expert() instanceof Network expert
            && normalisesFeatures(expert, in, ModelSpec.expertPrefix(0), trains));
  }

  /**
   * True when a layer that trains has one element of each channel, so none but the rows to vary.
   */
  private static boolean normalisesFeatures(
      Network network, Shape in, String prefix, Predicate<String> trains) {
    List<Shape> shapes = network.shapes(in);
    for (int i = 0; i < network.trunk().size(); i++) {
      Shape shape = shapes.get(i);
      if (network.trunk().get(i) instanceof Layer.BatchNorm
          && shape.elements() == shape.dims().get(0)
          && trains.test(prefix + ".trunk." + i + ".weight")) {
        return true;
      }
    }
    return false;
  }
}
