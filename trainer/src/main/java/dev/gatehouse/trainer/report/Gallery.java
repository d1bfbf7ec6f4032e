package dev.gatehouse.trainer.report;

import static dev.gatehouse.proto.page.Markup.tag;

import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.page.Markup;
import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.proto.run.SplitMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements.ByExpert;
import dev.gatehouse.trainer.report.Example.Remedy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows of the test set to look at: images where the rows are images, their values otherwise. */
record Gallery(MeasuredRun of, Examples examples) {
  private static final int MOST_VALUES = 8;
  private static final int MOST_CLASSES = 4;

  /** What {@link #experts} shows. */
  String words() {
    String words =
        "Its own test rows, sorted by class and evenly spaced, so that each class has its share.";
    return Thumbnail.suits(input()) ? words + " A frame marks what is wrong as served." : words;
  }

  /** Each expert with some of its own rows. */
  Markup experts() {
    BlockOrder order = BlockOrder.of(test().expertByClass());
    return tag("div", order.experts().stream().map(this::expert).toList()).at("class", "experts");
  }

  private Markup expert(int e) {
    ByExpert measured = test().experts().get(e);
    List<Example> rows = examples.byExpert().get(e);
    String share = Numbers.percent((double) measured.rows() / test().rows());
    Markup about =
        tag(
            "div",
            tag("h3", "Expert " + e),
            tag(
                "p",
                measured.rows() == 0
                    ? "takes no test row"
                    : share
                        + " of the test rows, "
                        + Numbers.percent(measured.accuracy())
                        + " of them right alone"),
            tag("p", mainClasses(measured)).at("class", "quiet"));
    Markup shown =
        rows.isEmpty()
            ? tag("p", "no rows to show").at("class", "quiet")
            : strip(rows, this::plainCaption);
    return tag("div", about, shown).at("class", "expert");
  }

  private String mainClasses(ByExpert expert) {
    List<String> classes = of.run().model().classes();
    String main =
        IntStream.range(0, classes.size())
            .boxed()
            .filter(c -> expert.byClass().get(c) * 100 >= expert.rows() && expert.rows() > 0)
            .sorted(Comparator.comparingLong(c -> -expert.byClass().get(c)))
            .limit(MOST_CLASSES)
            .map(
                c ->
                    classes.get(c)
                        + " ("
                        + Numbers.roundPercent((double) expert.byClass().get(c) / expert.rows())
                        + ")")
            .collect(Collectors.joining(", "));
    return main.isEmpty() ? "" : "mostly " + main;
  }

  /** The rows on which the gate is least decided. */
  Markup undecided() {
    return group(
        "The gate is undecided",
        "The test rows with the highest gate entropy.",
        examples.undecided(),
        e -> List.of(verdict(e), "gate " + Numbers.two(e.gateEntropy()) + " bit"));
  }

  /** The rows on which the answer is least sure. */
  Markup unsure() {
    return group(
        "The answer is unsure",
        "The test rows whose largest served probability is the lowest.",
        examples.unsure(),
        e -> List.of(verdict(e), "sure to " + Numbers.roundPercent(e.probability())));
  }

  /** The rows that went to the wrong expert. */
  Markup misrouted() {
    return group(
        "Misrouted",
        "Wrong as served, although an expert that was not chosen is right alone: "
            + Numbers.percent(test().misrouted())
            + " of the test rows. On "
            + Numbers.percent(test().oracleError())
            + " of the rows no expert is right. Shown are those whose other expert is the surest.",
        examples.misrouted(),
        e -> List.of(verdict(e), "went to " + e.expert(), remedy(e.remedy())));
  }

  private static String remedy(@Nullable Remedy remedy) {
    return remedy == null
        ? ""
        : remedy.expert() + " knew (" + Numbers.roundPercent(remedy.probability()) + ")";
  }

  private Markup group(
      String title, String words, List<Example> rows, Function<Example, List<String>> caption) {
    return tag(
        "div",
        tag("h3", title),
        tag("p", words),
        rows.isEmpty() ? tag("p", "There are none.").at("class", "quiet") : strip(rows, caption));
  }

  private Markup strip(List<Example> rows, Function<Example, List<String>> caption) {
    if (!Thumbnail.suits(input())) {
      return values(rows, caption);
    }
    Thumbnail thumbnail = Thumbnail.of(input());
    return tag(
            "ul",
            rows.stream()
                .map(
                    e ->
                        tag(
                                "li",
                                tag("img")
                                    .at("src", thumbnail.address(e.values()))
                                    .at("alt", words(e))
                                    .at("title", words(e)),
                                lines(caption.apply(e)))
                            .at("class", e.right() ? "right" : "wrong"))
                .toList())
        .at("class", "rows");
  }

  private static Markup lines(List<String> lines) {
    return tag("div", lines.stream().map(line -> tag("span", line)).toList());
  }

  private Markup values(List<Example> rows, Function<Example, List<String>> caption) {
    int shown = Math.min(MOST_VALUES, input().shape().elements());
    List<String> head = new ArrayList<>(List.of("row"));
    IntStream.range(0, shown).forEach(i -> head.add(heading(i)));
    if (shown < input().shape().elements()) {
      head.add("…");
    }
    head.add("what it is");
    List<List<String>> lines = new ArrayList<>();
    for (Example e : rows) {
      List<String> line = new ArrayList<>(List.of(Integer.toString(e.row())));
      IntStream.range(0, shown).forEach(i -> line.add(cell(i, e.values()[i])));
      if (shown < input().shape().elements()) {
        line.add("…");
      }
      line.add(String.join("; ", caption.apply(e)));
      lines.add(line);
    }
    return Markup.table("Test rows", head, lines).at("class", "scroll values");
  }

  /** What element {@code i} of a row is called: by a table's header, where there is one. */
  private String heading(int i) {
    List<Column> columns = input().columns();
    return columns.isEmpty() ? "value " + i : columns.get(i).name();
  }

  /** The value of element {@code i} as a table has it. */
  private String cell(int i, float value) {
    List<Column> columns = input().columns();
    return !columns.isEmpty() && columns.get(i) instanceof Column.Category category
        ? category.values().get((int) value)
        : Numbers.brief(value);
  }

  private List<String> plainCaption(Example e) {
    return List.of(verdict(e));
  }

  /** The class, or what it was taken for. */
  private String verdict(Example e) {
    List<String> classes = of.run().model().classes();
    return e.right()
        ? classes.get(e.label())
        : classes.get(e.label()) + ", not " + classes.get(e.answer());
  }

  private String words(Example e) {
    List<String> classes = of.run().model().classes();
    return "test row %s: class %s, answered %s with probability %s; expert %s with gate probability %s"
        .formatted(
            e.row(),
            classes.get(e.label()),
            classes.get(e.answer()),
            Numbers.two(e.probability()),
            e.expert(),
            Numbers.two(e.gateProbability()));
  }

  private InputSpec input() {
    return of.run().model().input();
  }

  private SplitMeasurements test() {
    return of.measurements().test();
  }
}
