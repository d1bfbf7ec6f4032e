package dev.gatehouse.trainer.report;

import static dev.gatehouse.proto.page.Markup.tag;
import static dev.gatehouse.proto.page.Markup.text;

import dev.gatehouse.proto.page.Markup;
import dev.gatehouse.proto.page.Numbers;
import java.util.List;

/** The few shapes that the charts are made of. */
final class Svg {
  /** A few rows are still no empty cell. */
  private static final double LEAST_SHADE = 0.04;

  private Svg() {}

  /**
   * A drawing of a page, as long as it is drawn where there is room.
   *
   * @param id unique on the page
   * @param title what it is
   * @param description what it says
   */
  static Markup.Tag drawing(
      String id,
      double width,
      double height,
      String title,
      String description,
      List<? extends Markup> shapes) {
    return image(id, width, height, title, description, shapes)
        .at("style", "--w:" + Numbers.coordinate(width) + "px");
  }

  /**
   * A drawing that says to those who cannot see it what it shows.
   *
   * @param id unique where it stands
   * @param title what it is
   * @param description what it says
   */
  static Markup.Tag image(
      String id,
      double width,
      double height,
      String title,
      String description,
      List<? extends Markup> shapes) {
    return tag("svg", tag("title", title).at("id", id + "-title"))
        .with(tag("desc", description).at("id", id + "-desc"))
        .with(shapes)
        .at("xmlns", "http://www.w3.org/2000/svg")
        .at("role", "img")
        .at("aria-labelledby", id + "-title " + id + "-desc")
        .at("viewBox", "0 0 " + Numbers.coordinate(width) + " " + Numbers.coordinate(height));
  }

  static Markup.Tag line(String kind, double x1, double y1, double x2, double y2) {
    return tag("line").at("class", kind).at("x1", x1).at("y1", y1).at("x2", x2).at("y2", y2);
  }

  static Markup.Tag rect(String kind, double x, double y, double width, double height) {
    return tag("rect")
        .at("class", kind)
        .at("x", x)
        .at("y", y)
        .at("width", width)
        .at("height", height);
  }

  static Markup.Tag circle(String kind, double x, double y, double radius) {
    return tag("circle").at("class", kind).at("cx", x).at("cy", y).at("r", radius);
  }

  /** Text whose {@code anchor} (start, middle, end) stands at x, on the line y. */
  static Markup.Tag words(String kind, String anchor, double x, double y, String words) {
    return tag("text", text(words))
        .at("class", kind)
        .at("text-anchor", anchor)
        .at("x", x)
        .at("y", y);
  }

  /** A line through points, [n][x, y]. */
  static Markup.Tag polyline(String kind, double[][] points) {
    return tag("path").at("class", kind).at("d", path(points));
  }

  private static Markup.Tag closed(String kind, double[][] points) {
    return tag("path").at("class", kind).at("d", path(points) + "z");
  }

  private static String path(double[][] points) {
    StringBuilder path = new StringBuilder();
    for (double[] point : points) {
      path.append(path.length() == 0 ? 'M' : 'L')
          .append(Numbers.coordinate(point[0]))
          .append(' ')
          .append(Numbers.coordinate(point[1]));
    }
    return path.toString();
  }

  /** A rhombus about a point. */
  static Markup.Tag diamond(String kind, double x, double y, double radius) {
    return closed(
        kind, new double[][] {{x, y - radius}, {x + radius, y}, {x, y + radius}, {x - radius, y}});
  }

  /** A triangle whose tip lies {@code reach} to the right of (x, y), to the left if negative. */
  static Markup.Tag arrow(String kind, double x, double y, double reach) {
    return closed(kind, new double[][] {{x + reach, y}, {x, y - 4}, {x, y + 4}});
  }

  /**
   * A cell of a heat map.
   *
   * @param share in [0, 1], how strong it is
   */
  static Markup.Tag heat(double x, double y, double width, double height, double share) {
    double gap = Math.min(1, Math.min(width, height) / 5);
    return rect("heat", x + gap / 2, y + gap / 2, width - gap, height - gap)
        .at("fill-opacity", Math.max(LEAST_SHADE, share));
  }

  /** Bars of one kind that stand on the line y, as one shape: [n][x, width, height]. */
  static Markup.Tag bars(String kind, double y, double[][] bars) {
    StringBuilder path = new StringBuilder();
    for (double[] bar : bars) {
      path.append('M')
          .append(Numbers.coordinate(bar[0]))
          .append(' ')
          .append(Numbers.coordinate(y))
          .append('v')
          .append(Numbers.coordinate(-bar[2]))
          .append('h')
          .append(Numbers.coordinate(bar[1]))
          .append('v')
          .append(Numbers.coordinate(bar[2]))
          .append('z');
    }
    return tag("path").at("class", kind).at("d", path.toString());
  }

  /** A shape with words that show when a pointer rests on it. */
  static Markup.Tag hover(Markup.Tag shape, String words) {
    return shape.with(tag("title", words));
  }
}
