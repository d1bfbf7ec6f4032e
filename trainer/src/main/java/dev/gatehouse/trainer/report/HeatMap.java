package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.run.SplitMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements.ByClass;
import java.util.ArrayList;
import java.util.List;

/**
 * Which expert takes which class: a row a class, a column an expert, darker where more of the class
 * goes.
 *
 * @param id unique on the page
 * @param title what it shows
 * @param classes names of the classes
 * @param measured the counts
 */
record HeatMap(String id, String title, List<String> classes, SplitMeasurements measured) {
  private static final double LETTER = 6.9;
  private static final int LONGEST_NAME = 18;
  private static final double TOP = 42;
  private static final double ENTROPY = 58;
  private static final int MANY_CLASSES = 30;
  private static final int MANY_EXPERTS = 24;

  /** From this share on, a cell is so dark that its number is light. */
  private static final double DARK = 0.55;

  /** Length of the drawing at its natural size. */
  double width() {
    return left() + measured.experts().size() * cellWidth() + ENTROPY + 4;
  }

  /** The drawing. */
  Markup draw() {
    BlockOrder order = BlockOrder.of(counts());
    double left = left();
    double width = cellWidth();
    double height = classes.size() > MANY_CLASSES ? 17 : 26;
    double right = left + measured.experts().size() * width;
    List<Markup> shapes = new ArrayList<>();
    shapes.add(Svg.words("unit", "end", left - 8, TOP - 7, "class"));
    shapes.add(Svg.words("unit", "middle", (left + right) / 2, TOP - 25, "expert"));
    shapes.add(Svg.words("unit", "end", right + ENTROPY, TOP - 25, "entropy,"));
    shapes.add(Svg.words("unit", "end", right + ENTROPY, TOP - 7, "bit"));
    for (int i = 0; i < order.experts().size(); i++) {
      if (width > 13 || i % 5 == 0) {
        shapes.add(
            Svg.words(
                "tick",
                "middle",
                left + (i + 0.5) * width,
                TOP - 7,
                Integer.toString(order.experts().get(i))));
      }
    }
    for (int i = 0; i < order.classes().size(); i++) {
      int c = order.classes().get(i);
      double y = TOP + i * height;
      shapes.add(Svg.words("tick", "end", left - 8, y + height / 2 + 4, shortened(classes.get(c))));
      ByClass of = measured.classes().get(c);
      shapes.add(
          Svg.words(
              "tick", "end", right + ENTROPY, y + height / 2 + 4, Numbers.two(of.expertEntropy())));
      for (int j = 0; j < order.experts().size(); j++) {
        shapes.addAll(cell(order.experts().get(j), c, left + j * width, y, width, height));
      }
    }
    double bottom = TOP + classes.size() * height;
    shapes.add(Svg.line("axis", left, TOP, right, TOP));
    shapes.add(Svg.line("axis", left, bottom, right, bottom));
    shapes.add(Svg.words("tick", "end", left - 8, bottom + 19, "all rows, %"));
    for (int j = 0; j < order.experts().size() && width >= 30; j++) {
      double share =
          (double) measured.experts().get(order.experts().get(j)).rows() / measured.rows();
      shapes.add(
          Svg.words(
              "tick", "middle", left + (j + 0.5) * width, bottom + 19, Numbers.hundredths(share)));
    }
    return Svg.drawing(id, width(), bottom + 30, title, description(order), shapes);
  }

  private List<Markup> cell(int e, int c, double x, double y, double width, double height) {
    long count = counts().get(e).get(c);
    if (count == 0) {
      return List.of();
    }
    double share = BlockOrder.share(counts(), e, c);
    String words =
        "class %s, expert %d: %s of %s rows, %s"
            .formatted(
                classes.get(c),
                e,
                Numbers.count(count),
                Numbers.count(measured.classes().get(c).rows()),
                Numbers.percent(share));
    List<Markup> shapes = new ArrayList<>();
    shapes.add(
        Svg.hover(
            Svg.rect("heat", x + 0.5, y + 0.5, width - 1, height - 1)
                .at("fill-opacity", Math.max(0.04, share)),
            words));
    if (width >= 30 && share >= 0.005) {
      shapes.add(
          Svg.words(
              share > DARK ? "cell light" : "cell",
              "middle",
              x + width / 2,
              y + height / 2 + 4,
              Numbers.hundredths(share)));
    }
    return shapes;
  }

  private List<List<Long>> counts() {
    return measured.expertByClass();
  }

  private double left() {
    int longest = classes.stream().mapToInt(name -> shortened(name).length()).max().orElse(1);
    return Math.max(82, 14 + longest * LETTER);
  }

  private double cellWidth() {
    int experts = measured.experts().size();
    return experts > MANY_EXPERTS ? 12 : Math.max(30, Math.min(48, 250.0 / experts));
  }

  private String description(BlockOrder order) {
    StringBuilder said = new StringBuilder("Expert that takes most rows of each class:");
    for (int c : order.classes()) {
      int leader = BlockOrder.leader(counts(), c);
      said.append(' ')
          .append(classes.get(c))
          .append(" expert ")
          .append(leader)
          .append(" (")
          .append(Numbers.roundPercent(BlockOrder.share(counts(), leader, c)))
          .append(");");
    }
    return said.toString();
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
  }
}
