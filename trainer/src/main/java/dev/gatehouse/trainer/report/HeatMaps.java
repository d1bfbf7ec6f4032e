package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Who takes which class, one small map for each of several models: a row an expert, a column a
 * class, darker where more of the class goes. A file of its own.
 *
 * @param title what it shows
 * @param note what a reader should know before
 * @param maps in their order
 */
public record HeatMaps(String title, String note, List<Model> maps) {
  private static final double GAP = 22;
  private static final double LEFT = 20;

  /** Where a map's longest side would leave no room for others beside it. */
  private static final int MANY = 12;

  private static final double LEAST_FOR_A_NAME = 11;

  /** Copies the list. */
  public HeatMaps {
    maps = List.copyOf(maps);
  }

  /**
   * One of the models.
   *
   * @param name stands above its map
   * @param caption its figures, in a few words
   * @param counts [experts][classes] rows
   */
  public record Model(String name, String caption, List<List<Long>> counts) {
    /** Copies the lists. */
    public Model {
      counts = counts.stream().map(List::copyOf).toList();
    }

    private int experts() {
      return counts.size();
    }

    private int classes() {
      return counts.get(0).size();
    }
  }

  /** The file's text. */
  public String svg() {
    if (maps.isEmpty()) {
      return Picture.empty(title, note);
    }
    int columns = columns();
    double length = (Picture.WIDTH - GAP * (columns - 1)) / columns;
    Picture picture = new Picture(title, note, description());
    double y = picture.top();
    List<Markup> shapes = new ArrayList<>(key(y));
    y += 30;
    for (int i = 0; i < maps.size(); i += columns) {
      List<Model> line = maps.subList(i, Math.min(maps.size(), i + columns));
      double names = line.stream().mapToInt(m -> name(m, length).size()).max().orElse(1);
      double tallest = line.stream().mapToDouble(m -> height(m, length)).max().orElse(0);
      double top = y + Picture.LINE * (names + 1) + 4;
      for (int j = 0; j < line.size(); j++) {
        shapes.add(map(line.get(j), j * (length + GAP), top, length));
      }
      y = top + tallest + 18 + GAP;
    }
    return picture.svg(y - GAP, shapes);
  }

  /** As many beside each other as have cells that can be told apart. */
  private int columns() {
    int most = maps.stream().mapToInt(Model::classes).max().orElse(1);
    return most <= MANY ? 3 : most <= 2 * MANY ? 2 : 1;
  }

  private static List<Markup> key(double y) {
    List<Markup> shapes = new ArrayList<>();
    shapes.add(Svg.words("tick", "start", 0, y + 10, "share of the class's rows: 0%"));
    double x = 30 * Picture.LETTER;
    for (int i = 0; i <= 10; i++) {
      shapes.add(Svg.heat(x + 11 * i, y, 12, 12, i / 10.0));
    }
    shapes.add(Svg.words("tick", "start", x + 11 * 11 + 8, y + 10, "100%"));
    return shapes;
  }

  private static List<String> name(Model map, double length) {
    return Picture.lines(map.name(), length);
  }

  private static double height(Model map, double length) {
    return map.experts() * cellHeight(map, length);
  }

  private static double cellWidth(Model map, double length) {
    return (length - LEFT) / map.classes();
  }

  private static double cellHeight(Model map, double length) {
    return Math.max(5, Math.min(Math.min(15, cellWidth(map, length)), 150.0 / map.experts()));
  }

  private static Markup map(Model map, double left, double top, double length) {
    BlockOrder order = BlockOrder.of(map.counts());
    double width = cellWidth(map, length);
    double height = cellHeight(map, length);
    double right = left + length;
    double bottom = top + height(map, length);
    double from = left + LEFT;
    List<Markup> shapes = new ArrayList<>();
    List<String> name = name(map, length);
    for (int i = 0; i < name.size(); i++) {
      double base = top - 8 - Picture.LINE * (name.size() - i);
      shapes.add(Svg.words("head", "start", left, base, name.get(i)));
    }
    shapes.add(Svg.words("note", "start", left, top - 8, map.caption()));
    for (int i = 0; i < map.experts(); i++) {
      int e = order.experts().get(i);
      double y = top + i * height;
      if (height >= LEAST_FOR_A_NAME) {
        String expert = Integer.toString(e);
        shapes.add(Svg.words("tick small", "end", from - 6, y + height / 2 + 4, expert));
      }
      for (int j = 0; j < map.classes(); j++) {
        double share = BlockOrder.share(map.counts(), e, order.classes().get(j));
        if (share > 0) {
          shapes.add(Svg.heat(from + j * width, y, width, height, share));
        }
      }
    }
    for (int j = 0; j < map.classes() && width >= LEAST_FOR_A_NAME; j++) {
      String name1 = Integer.toString(order.classes().get(j));
      shapes.add(Svg.words("tick small", "middle", from + (j + 0.5) * width, bottom + 13, name1));
    }
    shapes.add(Svg.line("axis", from, top, right, top));
    shapes.add(Svg.line("axis", from, bottom, right, bottom));
    return Markup.tag("g", shapes).at("class", "map");
  }

  private String description() {
    return maps.stream()
        .map(m -> m.name() + ", " + m.caption() + ": " + leaders(m))
        .collect(Collectors.joining(" "));
  }

  private static String leaders(Model map) {
    BlockOrder order = BlockOrder.of(map.counts());
    List<String> said = new ArrayList<>();
    for (int e : order.experts()) {
      List<String> led =
          order.classes().stream()
              .filter(c -> BlockOrder.leader(map.counts(), c) == e)
              .map(c -> Integer.toString(c))
              .toList();
      if (!led.isEmpty()) {
        said.add("expert " + e + " leads " + String.join(" ", led));
      }
    }
    return String.join("; ", said) + ".";
  }
}
