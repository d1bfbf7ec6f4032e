package dev.gatehouse.trainer.experiment;

import dev.gatehouse.trainer.experiment.Claim.Measured;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.jspecify.annotations.Nullable;

/** A table of results as Markdown and as CSV. */
public final class ResultText {
  private static final String NONE = "";

  private ResultText() {}

  /** For people: the chosen runs beside the authors', then the mean over seeds, then the claims. */
  public static String markdown(ResultTable table) {
    StringBuilder text = new StringBuilder();
    chosen(table, text);
    means(table, text);
    if (!table.claims().isEmpty()) {
      claims(table, text);
    }
    return text.toString();
  }

  /** For programs, a line a row; errors as fractions, the rest in bits. */
  public static String csv(ResultTable table) {
    StringBuilder text = new StringBuilder();
    text.append(
        "row,runs,planned,diverged,chosen_point,chosen_seed,chosen_validation_error,chosen_error,"
            + "chosen_information,chosen_information_predicted,chosen_sample_entropy,"
            + "chosen_usage_entropy,paper_accuracy,paper_information,paper_sample_entropy,"
            + "paper_usage_entropy,point,seeds,mean_error,deviation_error,margin95_error,"
            + "mean_information,mean_information_predicted,mean_sample_entropy,mean_usage_entropy,"
            + "collapsed\n");
    for (RowSummary row : table.rows()) {
      List<Object> cells = new ArrayList<>();
      cells.add(row.row().name());
      cells.add(row.runs());
      cells.add(row.planned());
      cells.add(row.diverged());
      addChosen(row, cells);
      addPaper(row, cells);
      addMeans(row, cells);
      text.append(CSVFormat.RFC4180.format(cells.toArray())).append('\n');
    }
    return text.toString();
  }

  private static void addChosen(RowSummary row, List<Object> cells) {
    CellResult chosen = row.chosen();
    if (chosen == null) {
      cells.addAll(Collections.nCopies(8, NONE));
      return;
    }
    SplitFigures test = RowSummary.figures(chosen).test();
    cells.add(new Point(chosen.point()).toString());
    cells.add(chosen.seed());
    cells.add(RowSummary.figures(chosen).validation().error(row.view()));
    for (Measured figure : figures()) {
      cells.add(figure.of(test, row.view()));
    }
  }

  private static void addPaper(RowSummary row, List<Object> cells) {
    Row.Paper paper = row.row().paper();
    cells.add(paper == null ? NONE : paper.accuracy());
    cells.add(orNone(paper == null ? null : paper.information()));
    cells.add(orNone(paper == null ? null : paper.sampleEntropy()));
    cells.add(orNone(paper == null ? null : paper.usageEntropy()));
  }

  private static void addMeans(RowSummary row, List<Object> cells) {
    if (row.atPoint().isEmpty()) {
      cells.addAll(List.of(NONE, 0));
      cells.addAll(Collections.nCopies(7, NONE));
      cells.add(0);
      return;
    }
    Spread error = row.spread(Measured.ERROR);
    cells.add(String.valueOf(row.point()));
    cells.add(error.count());
    cells.add(error.mean());
    cells.add(orNone(error.deviation()));
    cells.add(orNone(error.margin()));
    for (Measured figure : figures().subList(1, figures().size())) {
      cells.add(row.spread(figure).mean());
    }
    cells.add(row.collapsed());
  }

  private static List<Measured> figures() {
    return List.of(
        Measured.ERROR,
        Measured.INFORMATION,
        Measured.INFORMATION_PREDICTED,
        Measured.SAMPLE_ENTROPY,
        Measured.USAGE_ENTROPY);
  }

  private static void chosen(ResultTable table, StringBuilder text) {
    text.append(
        "**One run a row, chosen by its error on the held-out rows; test set. I counts the argmax"
            + " expert and the true class, I' the class that the expert says, as the authors'"
            + " code does.**\n\n");
    line(
        text,
        "method",
        "settings, seed",
        "accuracy %",
        "I",
        "I'",
        "H_s",
        "H_u",
        "authors' %",
        "I'",
        "H_s",
        "H_u",
        "ours − theirs");
    rule(text, 12);
    for (RowSummary row : table.rows()) {
      Row.Paper paper = row.row().paper();
      CellResult chosen = row.chosen();
      List<String> cells = new ArrayList<>(List.of(row.row().titleOrName()));
      if (chosen == null) {
        cells.add(row.diverged() > 0 ? "diverged" : "not run");
        cells.addAll(Collections.nCopies(5, NONE));
      } else {
        SplitFigures test = RowSummary.figures(chosen).test();
        String point = new Point(chosen.point()).toString();
        cells.add((point.isEmpty() ? "" : point + ", ") + "seed " + chosen.seed());
        cells.add(percent(1 - test.error(row.view())));
        for (Measured figure : figures().subList(1, figures().size())) {
          cells.add(row.gated() ? bits(figure.of(test, row.view())) : NONE);
        }
      }
      cells.add(paper == null ? NONE : format("%.2f", paper.accuracy()));
      cells.add(of(paper, Row.Paper::information));
      cells.add(of(paper, Row.Paper::sampleEntropy));
      cells.add(of(paper, Row.Paper::usageEntropy));
      cells.add(
          paper == null || chosen == null
              ? NONE
              : format(
                  "%+.2f",
                  100 * (1 - RowSummary.figures(chosen).test().error(row.view()))
                      - paper.accuracy()));
      line(text, cells.toArray(String[]::new));
    }
  }

  private static void means(ResultTable table, StringBuilder text) {
    text.append(
        "\n**Mean over seeds, at the settings whose mean error on the held-out rows is least; test"
            + " set, ± the deviation; 95% interval of the mean accuracy by Student's t.**\n\n");
    line(
        text,
        "method",
        "settings",
        "seeds",
        "accuracy %",
        "95% interval",
        "I",
        "I'",
        "H_s",
        "H_u",
        "collapsed",
        "runs");
    rule(text, 11);
    for (RowSummary row : table.rows()) {
      List<String> cells = new ArrayList<>(List.of(row.row().titleOrName()));
      String runs =
          row.runs()
              + " of "
              + row.planned()
              + (row.diverged() > 0 ? ", " + row.diverged() + " diverged" : "");
      if (row.atPoint().isEmpty()) {
        cells.addAll(List.of(NONE, "0"));
        cells.addAll(Collections.nCopies(7, NONE));
        cells.add(runs);
      } else {
        Spread error = row.spread(Measured.ERROR);
        cells.add(String.valueOf(row.point()));
        cells.add(Integer.toString(error.count()));
        cells.add(percent(1 - error.mean()) + plusMinus(error, 100, "%.2f"));
        cells.add(interval(error));
        for (Measured figure : figures().subList(1, figures().size())) {
          Spread spread = row.spread(figure);
          cells.add(row.gated() ? bits(spread.mean()) + plusMinus(spread, 1, "%.3f") : NONE);
        }
        cells.add(row.gated() ? Long.toString(row.collapsed()) : NONE);
        cells.add(runs);
      }
      line(text, cells.toArray(String[]::new));
    }
  }

  private static void claims(ResultTable table, StringBuilder text) {
    text.append(
        "\n**Claims, by a paired t-test over the seeds at a level of 5%; test set, errors in"
            + " points.**\n\n");
    line(text, "claim", "figure", "difference", "95% interval", "seeds", "p", "verdict");
    rule(text, 7);
    for (ClaimTest test : table.claims()) {
      Claim claim = test.claim();
      double scale = claim.figure() == Measured.ERROR ? 100 : 1;
      Spread difference = test.difference();
      String name = claim.figure().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      if (difference == null) {
        line(text, claim.claim(), name, NONE, NONE, NONE, NONE, "not enough runs");
        continue;
      }
      double margin = difference.margin() == null ? 0 : difference.margin();
      line(
          text,
          claim.claim(),
          name,
          format("%+.3f", scale * difference.mean()),
          format(
              "%+.3f to %+.3f",
              scale * (difference.mean() - margin), scale * (difference.mean() + margin)),
          Integer.toString(difference.count()),
          test.p() == null ? NONE : format("%.2g", test.p()),
          test.verdict().name().toLowerCase(Locale.ROOT));
    }
  }

  private static String interval(Spread error) {
    return error.margin() == null
        ? NONE
        : percent(Math.max(0, 1 - error.mean() - error.margin()))
            + " to "
            + percent(Math.min(1, 1 - error.mean() + error.margin()));
  }

  private static String plusMinus(Spread spread, double scale, String pattern) {
    return spread.deviation() == null ? NONE : " ± " + format(pattern, scale * spread.deviation());
  }

  private static String of(
      Row.@Nullable Paper paper, Function<Row.Paper, @Nullable Double> figure) {
    Double value = paper == null ? null : figure.apply(paper);
    return value == null ? NONE : bits(value);
  }

  private static Object orNone(@Nullable Double value) {
    return value == null ? NONE : value;
  }

  private static String percent(double share) {
    return format("%.2f", 100 * share);
  }

  private static String bits(double value) {
    return format("%.3f", value);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  private static void line(StringBuilder text, String... cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static void rule(StringBuilder text, int columns) {
    text.append("|").append(" --- |".repeat(columns)).append('\n');
  }
}
