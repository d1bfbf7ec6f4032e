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
    Map<Side, Observed> medians = new EnumMap<>(Side.class);
    seen.forEach((side, runs) -> medians.put(side, Observed.median(runs)));
    Observed own = of(medians, Side.SPARSE);
    return new ServeResult(
        model.family(),
        model.experts(),
        model.topK(),
        flying,
        of(medians, Side.NOOP).rps(),
        own.rps(),
        of(medians, Side.DENSE).rps(),
        Objects.requireNonNull(times(seen, Side.NOOP)),
        times(seen, Side.JAVA_DENSE),
        times(seen, Side.JAVA_SPARSE),
        times(seen, Side.NODE_DENSE),
        times(seen, Side.NODE_SPARSE),
        own.cpuUs(),
        medians);
  }

  private static Observed of(Map<Side, Observed> medians, Side side) {
    return Objects.requireNonNull(medians.get(side), side.toString());
  }

  /** Our rate over a side's; null where it does not take part. */
  private static @Nullable Double times(Map<Side, List<Observed>> seen, Side side) {
    List<Observed> its = seen.get(side);
    List<Observed> own = Objects.requireNonNull(seen.get(Side.SPARSE));
    return its == null ? null : Observed.ratio(own, its, Observed::rps);
  }

  private OpenResult open(Side side, double rate, boolean compared) throws IOException {
    field.settleOpen(side, rate);
    if (compared) {
      field.settleOpen(Side.SPARSE, rate);
    }
    List<Observed> its = new ArrayList<>();
    List<Observed> own = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      its.add(field.open(side, rate));
      if (compared) {
        own.add(field.open(Side.SPARSE, rate));
      }
      listener.turned(side + ", on time");
    }
    return new OpenResult(
        model.family(),
        model.experts(),
        model.topK(),
        side,
        rate,
        Observed.median(its),
        compared ? Observed.median(own) : null,
        compared ? Observed.ratio(own, its, Observed::p99Us) : null);
  }
}
