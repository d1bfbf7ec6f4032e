package dev.gatehouse.bench.serve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The turns of one model.
 *
 * @param model what is served
 * @param field the servers
 * @param rounds turns of each side
 * @param listener hears of each result
 */
record Rounds(ServedModel model, Field field, int rounds, ServeListener listener) {
  /** Of a side's highest rate: what it can bear for long. */
  private static final double SHARE = 0.8;

  void run(List<Integer> inFlight) throws IOException {
    List<Side> sides = field.sides();
    listener.ahead(rounds * sides.size() * (inFlight.size() + 1));
    Map<Side, Double> highest = new EnumMap<>(Side.class);
    for (int flying : inFlight) {
      ServeResult result = result(flying, closed(sides, flying));
      result.sides().forEach((side, seen) -> highest.merge(side, seen.rps(), Math::max));
      listener.measured(result);
    }
    double own = Objects.requireNonNull(highest.get(Side.SPARSE));
    for (Side side : sides) {
      double rate = SHARE * Objects.requireNonNull(highest.get(side));
      listener.measured(open(side, rate, side.isPeer() && rate < own));
    }
  }

  private Map<Side, List<Observed>> closed(List<Side> sides, int flying) throws IOException {
    for (Side side : sides) {
      field.settleClosed(side, flying);
    }
    Map<Side, List<Observed>> seen = new EnumMap<>(Side.class);
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < sides.size(); i++) {
        Side side = sides.get((round + i) % sides.size());
        seen.computeIfAbsent(side, s -> new ArrayList<>()).add(field.closed(side, flying));
        listener.turned(side + ", " + flying + " in flight");
      }
    }
    return seen;
  }

  private ServeResult result(int flying, Map<Side, List<Observed>> seen) {
    Map<Side, Observed> medians = medians(seen);
    Observed own = of(medians, Side.SPARSE);
    return new ServeResult(
        model.family(),
        model.experts(),
        model.topK(),
        model.rows(),
        flying,
        of(medians, Side.NOOP).rps(),
        own.rps(),
        of(medians, Side.DENSE).rps(),
        Objects.requireNonNull(times(seen, Side.NOOP)),
        times(seen, Side.JAVA_DENSE),
        times(seen, Side.JAVA_SPARSE),
        times(seen, Side.NODE_DENSE),
        times(seen, Side.NODE_SPARSE),
        timesW8a8(seen),
        own.cpuUs(),
        medians);
  }

  private static Observed of(Map<Side, Observed> medians, Side side) {
    return Objects.requireNonNull(medians.get(side), side.toString());
  }

  /** Our rate over a side's; null where it does not take part. */
  private static @Nullable Double times(Map<Side, List<Observed>> seen, Side side) {
    List<Observed> its = seen.get(side);
    return its == null ? null : Observed.ratio(runs(seen, Side.SPARSE), its, Observed::rps);
  }

  private static @Nullable Map<Side, Double> timesW8a8(Map<Side, List<Observed>> seen) {
    List<Observed> own = seen.get(Side.W8A8);
    if (own == null) {
      return null;
    }
    Map<Side, Double> times = new EnumMap<>(Side.class);
    seen.forEach((side, its) -> times.put(side, Observed.ratio(own, its, Observed::rps)));
    times.remove(Side.W8A8);
    return times;
  }

  private static Map<Side, Observed> medians(Map<Side, List<Observed>> seen) {
    Map<Side, Observed> medians = new EnumMap<>(Side.class);
    seen.forEach((side, runs) -> medians.put(side, Observed.median(runs)));
    return medians;
  }

  private static List<Observed> runs(Map<Side, List<Observed>> seen, Side side) {
    return Objects.requireNonNull(seen.get(side), side.toString());
  }

  private OpenResult open(Side side, double rate, boolean compared) throws IOException {
    List<Side> sides = new ArrayList<>(List.of(side));
    if (compared) {
      sides.add(Side.SPARSE);
      if (field.sides().contains(Side.W8A8)) {
        sides.add(Side.W8A8);
      }
      sides.add(Side.NOOP);
    }
    for (Side one : sides) {
      field.settleOpen(one, rate);
    }
    Map<Side, List<Observed>> seen = new EnumMap<>(Side.class);
    for (int round = 0; round < rounds; round++) {
      for (Side one : sides) {
        seen.computeIfAbsent(one, s -> new ArrayList<>()).add(field.open(one, rate));
      }
      listener.turned(side + ", on time");
    }
    Map<Side, Observed> medians = medians(seen);
    return new OpenResult(
        model.family(),
        model.experts(),
        model.topK(),
        model.rows(),
        side,
        rate,
        of(medians, side),
        compared ? of(medians, Side.SPARSE) : null,
        compared ? medians.get(Side.W8A8) : null,
        compared ? of(medians, Side.NOOP) : null,
        compared
            ? Observed.ratio(runs(seen, Side.SPARSE), runs(seen, side), Observed::p99Us)
            : null);
  }
}
