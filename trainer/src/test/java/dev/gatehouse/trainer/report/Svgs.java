package dev.gatehouse.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.assertj.core.api.SoftAssertions;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.xml.sax.InputSource;

/** What holds of every picture in a file of its own. */
public final class Svgs {
  private static final Pattern RULE = Pattern.compile("([^{}]+)\\{([^{}]*)\\}");
  private static final Pattern COLOUR = Pattern.compile("(?:fill|stroke): #\\w+;");

  private Svgs() {}

  /** Checks that a picture is well-formed, stands alone, has both themes and says what it shows. */
  public static Document sound(String text) throws Exception {
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(text)));
    Document picture = Jsoup.parse(text, Parser.xmlParser());
    Element svg = picture.expectFirst("svg");
    assertThat(text.replace("xmlns=\"http://www.w3.org/2000/svg\"", ""))
        .doesNotContain("http://", "https://", "url(", "@import", "NaN", "Infinity");
    assertThat(svg.select("script, image, foreignObject, a")).isEmpty();
    assertThat(svg.select("> title").text()).isNotBlank();
    assertThat(svg.select("> desc").text()).isNotBlank();
    assertThat(svg.attr("aria-labelledby")).isEqualTo("picture-title picture-desc");
    assertThat(svg.select("[id]").eachAttr("id")).containsExactly("picture-title", "picture-desc");
    styled(svg);
    coloured(svg);
    inside(svg);
    return picture;
  }

  /** Every kind of shape has a rule, every variable a value in the light and in the dark. */
  private static void styled(Element svg) {
    String style = svg.expectFirst("style").data() + svg.expectFirst("style").text();
    assertThat(style).contains("@media (prefers-color-scheme: dark)").doesNotContain("light-dark");
    SoftAssertions all = new SoftAssertions();
    for (String variable : List.of("paper", "ink", "quiet", "rule", "heat", "s0", "s1")) {
      all.assertThat(style.split("--" + variable + ": #", -1)).as(variable).hasSize(3);
    }
    svg.select("line, circle, path, text.title, text.head, text.note, text.tick").stream()
        .flatMap(shape -> shape.classNames().stream())
        .distinct()
        .forEach(
            kind ->
                all.assertThat(Pattern.compile("\\." + kind + "[ ,]").matcher(style).find())
                    .as(kind)
                    .isTrue());
    all.assertAll();
  }

  /** A program that drops every declaration with a variable still finds a colour for each shape. */
  private static void coloured(Element svg) {
    String style = svg.expectFirst("style").data() + svg.expectFirst("style").text();
    String plain = style.replaceAll("[\\w-]+: [^;{}]*var\\([^;{}]*;", "");
    SoftAssertions all = new SoftAssertions();
    for (Element shape : svg.select("line, circle, path, rect, text")) {
      String own =
          RULE.matcher(plain)
              .results()
              .filter(rule -> !rule.group(1).contains(":root"))
              .filter(rule -> shape.is(rule.group(1).strip()))
              .map(rule -> rule.group(2))
              .collect(Collectors.joining());
      all.assertThat(COLOUR.matcher(own).find()).as(shape.outerHtml()).isTrue();
    }
    all.assertAll();
  }

  /**
   * No text begins left of the picture or ends right of it, its letters taken as wide as they may
   * be.
   */
  private static void inside(Element svg) {
    double width = width(svg);
    for (Element text : svg.select("text")) {
      double letter = letter(text);
      double length = letter * text.text().length();
      double from =
          Double.parseDouble(text.attr("x")) + 18 - before(text.attr("text-anchor")) * length;
      assertThat(from).as(text.text()).isGreaterThanOrEqualTo(0);
      assertThat(from + length).as(text.text()).isLessThanOrEqualTo(width);
    }
  }

  /** The mean of DejaVu Sans, the widest of the usual fonts: its digits, its bold, its text. */
  private static double letter(Element text) {
    boolean bold = text.hasClass("head") || text.hasClass("name");
    boolean digits = text.hasClass("value") || text.hasClass("tick");
    return text.hasClass("title") ? 10 : digits ? 8 : bold ? 7.4 : 6.6;
  }

  private static double before(String anchor) {
    return anchor.equals("start") ? 0 : anchor.equals("end") ? 1 : 0.5;
  }

  /**
   * Where a value lies on a horizontal axis, read off its printed ticks.
   *
   * @param ticks texts of one axis, each a number at its place
   */
  public static double at(double value, List<Element> ticks) {
    TreeMap<Double, Double> places = new TreeMap<>();
    for (Element tick : ticks) {
      places.put(Double.parseDouble(tick.text()), Double.parseDouble(tick.attr("x")));
    }
    Map.Entry<Double, Double> first = places.firstEntry();
    Map.Entry<Double, Double> last = places.lastEntry();
    double share = (value - first.getKey()) / (last.getKey() - first.getKey());
    return first.getValue() + share * (last.getValue() - first.getValue());
  }

  /** How far a picture's coordinates go to the right. */
  static double width(Element svg) {
    return Double.parseDouble(svg.attr("viewBox").split(" ", -1)[2]);
  }

  /** An attribute that is a number. */
  public static double number(Element shape, String attribute) {
    return Double.parseDouble(shape.attr(attribute));
  }
}
