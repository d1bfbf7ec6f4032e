package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value, and what is still to be done to each of its channels: whichever layer comes next takes
 * it into its weights, or it is written out as one product and one sum. And how the value lies,
 * where that is otherwise than the layers say.
 *
 * @param value {@code [N, channels, ...]}
 * @param scale what is still to be done; null for nothing
 * @param source what the scale is made of, as constants and nodes name it: {@code input}, or the
 *     index of a batch normalisation, or several with a {@code +} between them; empty for nothing
 * @param tiles how the value lies; null where it lies as the layers say. It has no scale else
 * @param levels of which numbers the value holds the index; null where it holds the numbers. It has
 *     neither scale nor tiles else
 * @param sums which levels the value, sums of a convolution, is still to be made; null for none. It
 *     has neither scale nor tiles else
 */
record Deferred(
    Value value,
    @Nullable ChannelScale scale,
    String source,
    @Nullable Tiles tiles,
    @Nullable Levels levels,
    @Nullable Sums sums) {
  /** A value that lies as the layers say. */
  Deferred(Value value, @Nullable ChannelScale scale, String source) {
    this(value, scale, source, null, null, null);
  }

  /** A value that is as it should be. */
  static Deferred of(Value value) {
    return new Deferred(value, null, "");
  }

  /** A value that lies in {@code tiles}. */
  static Deferred of(Value value, @Nullable Tiles tiles) {
    return new Deferred(value, null, "", tiles, null, null);
  }

  /** Indices of {@code levels}. */
  static Deferred of(Value value, Levels levels) {
    return new Deferred(value, null, "", null, levels, null);
  }

  /** Sums that are to become levels. */
  static Deferred of(Value value, Sums sums) {
    return new Deferred(value, null, "", null, null, sums);
  }

  /**
   * What sums in float32 are to become. A pool may come first: it leaves fewer of them.
   *
   * @param node names what makes them
   * @param steps what a step of each channel is in units of its sums, {@code [channels]}
   * @param levels the levels
   */
  record Sums(String node, float[] steps, Levels levels) {}

  /** Another value with the same still to be done to it: its rows in another order, say. */
  Deferred with(Value other) {
    return new Deferred(other, scale, source, tiles, levels, sums);
  }

  /** The same flattened to {@code features}, {@code [N, F]}: each is as its channel was. */
  Deferred flattened(Value features) {
    return scale == null
        ? with(features)
        : new Deferred(features, scale.spread(features.size(1) / scale.factor().length), source);
  }

  /** With one more thing to be done behind the rest. */
  Deferred then(ChannelScale next, String from) {
    if (levels != null || sums != null) {
      throw new IllegalStateException("levels are to be made numbers first: " + value);
    }
    return scale == null
        ? new Deferred(value, next, from)
        : new Deferred(value, scale.then(next), source + "+" + from);
  }

  /** The value with all done to it, by nodes called {@code name}. */
  Value settled(Graph graph, String name) {
    if (scale == null) {
      return value;
    }
    List<Integer> perChannel = new ArrayList<>(List.of(scale.factor().length));
    perChannel.addAll(Collections.nCopies(value.rank() - 2, 1));
    ArithmeticOps arithmetic = new ArithmeticOps(graph);
    Value factor =
        graph.constant(name + "/factor", perChannel, FloatWeights.nearest(scale.factor()));
    if (!scale.hasOffset()) {
      return arithmetic.multiply(name, value, factor);
    }
    return arithmetic.add(
        name,
        arithmetic.multiply(name + "/product", value, factor),
        graph.constant(name + "/offset", perChannel, FloatWeights.nearest(scale.offset())));
  }
}
