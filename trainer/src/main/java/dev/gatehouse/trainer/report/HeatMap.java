package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Markup;
import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.proto.run.SplitMeasurements;
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

  /** From here on a cell is so strong that its number is dark on a dark page. */
  private static final double MIDDLE = 0.61;

  /** From here on its number is light on a light page too. */
  private static final double STRONG = 0.78;

  /** Length of the drawing at its natural size. */
  double width() {
    return right() + ENTROPY + 4;
  }

  /** The drawing. */
  Markup draw() {
    BlockOrder order = BlockOrder.of(counts());
    double height = classes.size() > MANY_CLASSES ? 17 : 26;
    double bottom = TOP + classes.size() * height;
    List<Markup> shapes = new ArrayList<>(head(order));
    for (int i = 0; i < order.classes().size(); i++) {
      shapes.addAll(line(order, order.classes().get(i), TOP + i * height, height));
    }
    shapes.add(Svg.line("axis", left(), TOP, right(), TOP));
    shapes.add(Svg.line("axis", left(), bottom, right(), bottom));
    shapes.addAll(foot(order, bottom + 19));
    return Svg.drawing(id, width(), bottom + 30, title, description(order), shapes);
  }

  private List<Markup> head(BlockOrder order) {
    List<Markup> shapes = new ArrayList<>();
    shapes.add(Svg.words("unit", "end", left() - 8, TOP - 7, "class"));
    shapes.add(Svg.words("unit", "middle", (left() + right()) / 2, TOP - 25, "expert"));
    shapes.add(Svg.words("unit", "end", right() + ENTROPY, TOP - 25, "entropy,"));
    shapes.add(Svg.words("unit", "end", right() + ENTROPY, TOP - 7, "bit"));
    for (int i = 0; i < order.experts().size(); i++) {
      if (numbered() || i % 5 == 0) {
        String expert = Integer.toString(order.experts().get(i));
        shapes.add(Svg.words("tick", "middle", middle(i), TOP - 7, expert));
      }
    }
    return shapes;
  }

  private List<Markup> line(BlockOrder order, int c, double y, double height) {
    double base = y + height / 2 + 4;
    String entropy = Numbers.two(measured.classes().get(c).expertEntropy());
    List<Markup> shapes = new ArrayList<>();
    shapes.add(Svg.words("tick", "end", left() - 8, base, shortened(classes.get(c))));
    shapes.add(Svg.words("tick", "end", right() + ENTROPY, base, entropy));
    for (int j = 0; j < order.experts().size(); j++) {
      int e = order.experts().get(j);
      double share = BlockOrder.share(counts(), e, c);
      if (share > 0) {
        shapes.add(cell(e, c, share, left() + j * cellWidth(), y, height));
      }
      if (share >= 0.005 && numbered()) {
        String strength = share > STRONG ? " strong" : share > MIDDLE ? " middle" : "";
        shapes.add(
            Svg.words("cell" + strength, "middle", middle(j), base, Numbers.hundredths(share)));
      }
    }
    return shapes;
  }

  private Markup cell(int e, int c, double share, double x, double y, double height) {
    String words =
        "class %s, expert %s: %s of %s rows, %s"
            .formatted(
                classes.get(c),
                e,
                Numbers.count(counts().get(e).get(c)),
                Numbers.count(measured.classes().get(c).rows()),
                Numbers.percent(share));
    return Svg.hover(Svg.heat(x, y, cellWidth(), height, share), words);
  }

  private List<Markup> foot(BlockOrder order, double y) {
    List<Markup> shapes = new ArrayList<>();
    shapes.add(Svg.words("tick", "end", left() - 8, y, "all rows, %"));
    for (int j = 0; j < order.experts().size() && numbered(); j++) {
      double rows = measured.experts().get(order.experts().get(j)).rows();
      String share = Numbers.hundredths(rows / measured.rows());
      shapes.add(Svg.words("tick", "middle", middle(j), y, share));
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

  private double right() {
    return left() + measured.experts().size() * cellWidth();
  }

  private double middle(int column) {
    return left() + (column + 0.5) * cellWidth();
  }

  private double cellWidth() {
    return numbered() ? Math.max(30, Math.min(48, 250.0 / measured.experts().size())) : 12;
  }

  /** False where there are so many experts that cells have no room for numbers. */
  private boolean numbered() {
    return measured.experts().size() <= MANY_EXPERTS;
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
