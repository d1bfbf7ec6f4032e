package dev.gatehouse.proto.page;

import static dev.gatehouse.proto.page.Markup.tag;
import static dev.gatehouse.proto.page.Markup.text;

import java.util.ArrayList;
import java.util.List;

/**
 * A whole page in one file: no script, and nothing that is fetched from elsewhere.
 *
 * @param title names it in a browser's tab
 * @param style a sheet of its own beside the common one; empty for none
 * @param footer the last line
 * @param head what stands above the sections
 * @param sections in their order
 */
public record Page(
    String title, String style, String footer, List<Markup> head, List<Section> sections) {
  /** Allows the page's own style and embedded images, and nothing else. */
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

  /**
   * A part of the page.
   *
   * @param id its anchor
   * @param title its heading, also in the list of contents
   * @param introduction a sentence or two on what is to be seen; empty for none
   * @param content what is to be seen
   */
  public record Section(
      String id, String title, String introduction, List<? extends Markup> content) {
    private Markup markup() {
      List<Markup> parts = new ArrayList<>();
      parts.add(tag("h2", title));
      if (!introduction.isEmpty()) {
        parts.add(tag("p", introduction).at("class", "introduction"));
      }
      parts.addAll(content);
      return tag("section", parts).at("id", id);
    }
  }

  /** The page's text. */
  public String html() {
    Markup contents =
        tag(
                "nav",
                sections.stream().map(s -> tag("a", s.title()).at("href", "#" + s.id())).toList())
            .at("aria-label", "contents");
    List<Markup> header = new ArrayList<>();
    header.add(theme());
    header.addAll(head);
    header.add(contents);
    Markup page =
        tag(
                "html",
                tag(
                    "head",
                    tag("meta").at("charset", "utf-8"),
                    tag("meta")
                        .at("name", "viewport")
                        .at("content", "width=device-width, initial-scale=1"),
                    tag("meta").at("http-equiv", "Content-Security-Policy").at("content", POLICY),
                    tag("title", title),
                    tag("style", new Markup.Verbatim(Sheets.PAGE + style))),
                tag(
                    "body",
                    tag("header", header),
                    tag("main", sections.stream().map(Section::markup).toList()),
                    tag("footer", footer)))
            .at("lang", "en");
    StringBuilder out = new StringBuilder("<!DOCTYPE html>\n");
    page.write(out);
    return out.append('\n').toString();
  }

  private static Markup theme() {
    List<Markup> choices = new ArrayList<>();
    choices.add(tag("legend", "colours"));
    for (String choice : List.of("auto", "light", "dark")) {
      Markup.Tag input =
          tag("input").at("type", "radio").at("name", "theme").at("id", "theme-" + choice);
      choices.add(choice.equals("auto") ? input.at("checked", "checked") : input);
      choices.add(tag("label", choice).at("for", "theme-" + choice));
    }
    return tag("fieldset", choices).at("class", "theme");
  }

  /** A picture under its heading, with what it says and the numbers behind it. */
  public static Markup.Tag figure(String title, String words, Markup drawing, Markup... numbers) {
    return tag(
            "figure",
            words.isEmpty()
                ? tag("figcaption", tag("h3", title))
                : tag("figcaption", tag("h3", title), tag("p", words)),
            tag("div", drawing).at("class", "drawing"))
        .with(numbers);
  }

  /** Things beside each other where there is room. */
  public static Markup.Tag beside(List<? extends Markup> things) {
    return tag("div", things).at("class", "beside");
  }

  /** A paragraph. */
  public static Markup.Tag paragraph(String words) {
    return tag("p", text(words));
  }
}
