package dev.gatehouse.trainer.report;

import static dev.gatehouse.proto.page.Markup.tag;

import dev.gatehouse.proto.page.Markup;
import dev.gatehouse.proto.page.Numbers;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.text.WordUtils;

/**
 * A picture in a file of its own, with its colours for light and dark in it and nothing that is
 * fetched from elsewhere.
 *
 * @param title what it shows
 * @param note what a reader should know before, a sentence or two
 * @param description its numbers in words, for those who cannot see it
 */
record Picture(String title, String note, String description) {
  /** What there is to draw on, left to right, from 0. */
  static final double WIDTH = 560;

  /** About the length of a letter. */
  static final double LETTER = 6.7;

  /** The same in bold. */
  static final double BOLD_LETTER = 7.4;

  /** From one line of text to the next. */
  static final double LINE = 15;

  private static final double MARGIN = 18;

  /** Drawn a little larger than its coordinates say: a phone shows it at its own length. */
  private static final double ENLARGED = 1.25;

  /** Some text in lines of at most so many units. */
  static List<String> lines(String text, double length) {
    return List.of(WordUtils.wrap(text, (int) (length / LETTER), "\n", true).split("\n"));
  }

  /** The text of a file of which there is nothing to draw yet. */
  static String empty(String title, String note) {
    String words = "There is nothing to show yet.";
    Picture picture = new Picture(title, note, words);
    double base = picture.top() + 14;
    return picture.svg(base + 6, List.of(Svg.words("note", "start", 0, base, words)));
  }

  /** Where what is under title and note begins. */
  double top() {
    return 22 + LINE * lines(note, WIDTH).size() + 12;
  }

  /**
   * The file's text.
   *
   * @param height where the drawing ends
   * @param shapes below {@link #top}
   */
  String svg(double height, List<? extends Markup> shapes) {
    double width = WIDTH + 2 * MARGIN;
    double tall = height + 2 * MARGIN;
    List<Markup> all = new ArrayList<>();
    all.add(Svg.words("title", "start", 0, 14, title));
    List<String> said = lines(note, WIDTH);
    for (int i = 0; i < said.size(); i++) {
      all.add(Svg.words("note", "start", 0, 22 + LINE * (i + 1), said.get(i)));
    }
    all.addAll(shapes);
    Markup drawn =
        tag("g", all)
            .at(
                "transform",
                "translate(%s %s)"
                    .formatted(Numbers.coordinate(MARGIN), Numbers.coordinate(MARGIN)));
    StringBuilder out = new StringBuilder();
    Svg.image(
            "picture",
            width,
            tall,
            title,
            description,
            List.of(
                tag("style", new Markup.Verbatim(Style.PICTURE)),
                Svg.rect("paper", 0, 0, width, tall).at("rx", 8),
                drawn))
        .at("width", ENLARGED * width)
        .at("height", ENLARGED * tall)
        .write(out);
    return out.append('\n').toString();
  }
}
