package dev.gatehouse.bench.measure;

import dev.gatehouse.trainer.report.LinePlot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a plot, made from results.
 *
 * @param results all of them, in the order of growing {@code x}
 * @param x what grows
 * @param name names the line of a result; a name has one style in all panels
 */
public record Lines<R>(List<R> results, ToDoubleFunction<R> x, Function<R, String> name) {
  private static final int STYLES = 6;

  /**
   * A panel of some results; none where no result has a value.
   *
   * @param title what is measured, with its unit
   * @param limit a value to compare with, or null
   * @param some which results
   * @param y the value of a result, or null where it has none
   */
  public List<LinePlot.Panel> panel(
      String title, @Nullable Double limit, Predicate<R> some, Function<R, @Nullable Double> y) {
    List<String> names = results.stream().map(name).distinct().toList();
    List<LinePlot.Line> lines = new ArrayList<>();
    for (String one : names) {
      List<R> own =
          results.stream()
              .filter(some)
              .filter(result -> name.apply(result).equals(one) && y.apply(result) != null)
              .toList();
      if (!own.isEmpty()) {
        lines.add(
            new LinePlot.Line(
                one,
                names.indexOf(one) % STYLES,
                own.stream().mapToDouble(x).toArray(),
                own.stream().map(y).mapToDouble(Double::doubleValue).toArray()));
      }
    }
    return lines.isEmpty() ? List.of() : List.of(new LinePlot.Panel(title, lines, limit));
  }
}
