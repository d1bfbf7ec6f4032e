package dev.gatehouse.proto.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A piece of a page. What it writes is HTML and well-formed XML at once, and no text can break out
 * of its place.
 */
public sealed interface Markup {
  /** Appends this piece to {@code out}. */
  void write(StringBuilder out);

  /** An element without attributes. */
  static Tag tag(String name, Markup... children) {
    return new Tag(name, Map.of(), List.of(children));
  }

  /** An element that holds text. */
  static Tag tag(String name, String text) {
    return tag(name, text(text));
  }

  /** An element that holds a list. */
  static Tag tag(String name, List<? extends Markup> children) {
    return new Tag(name, Map.of(), List.copyOf(children));
  }

  /** Text, escaped when it is written. */
  static Text text(String text) {
    return new Text(text);
  }

  /** Text of a page. */
  record Text(String text) implements Markup {
    @Override
    public void write(StringBuilder out) {
      escape(text, out);
    }
  }

  /** What is written as it stands: a style sheet of ours, never what came from data. */
  record Verbatim(String text) implements Markup {
    @Override
    public void write(StringBuilder out) {
      out.append(text);
    }
  }

  /**
   * An element.
   *
   * @param name of the element
   * @param attributes in the order of writing
   * @param children in the order of writing
   */
  record Tag(String name, Map<String, String> attributes, List<Markup> children) implements Markup {
    private static final Set<String> WITHOUT_END =
        Set.of("meta", "img", "input", "br", "rect", "line", "path", "circle");

    /** This element with one attribute more. */
    public Tag at(String attribute, String value) {
      Map<String, String> more = new LinkedHashMap<>(attributes);
      more.put(attribute, value);
      return new Tag(name, more, children);
    }

    /** This element with one attribute more, a number of at most two decimals. */
    public Tag at(String attribute, double value) {
      return at(attribute, Numbers.coordinate(value));
    }

    /** This element with more children. */
    public Tag with(List<? extends Markup> more) {
      return new Tag(name, attributes, Stream.concat(children.stream(), more.stream()).toList());
    }

    /** This element with more children. */
    public Tag with(Markup... more) {
      return with(List.of(more));
    }

    @Override
    public void write(StringBuilder out) {
      out.append('<').append(name);
      attributes.forEach(
          (attribute, value) -> {
            out.append(' ').append(attribute).append("=\"");
            escape(value, out);
            out.append('"');
          });
      if (children.isEmpty() && WITHOUT_END.contains(name)) {
        out.append("/>");
        return;
      }
      out.append('>');
      children.forEach(child -> child.write(out));
      out.append("</").append(name).append('>');
    }
  }

  private static void escape(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        default -> {
          // XML has no other control characters; a name from data may.
          if (c >= ' ' || c == '\n' || c == '\t') {
            out.append(c);
          }
        }
      }
    }
  }

  /** A table of texts whose first row heads its columns and whose first column heads its rows. */
  static Tag table(String caption, List<String> head, List<List<String>> rows) {
    return tableOf(
        caption,
        head,
        rows.stream().map(row -> row.stream().map(cell -> tag("td", cell)).toList()).toList());
  }

  /** The same of cells that are elements {@code td}. */
  static Tag tableOf(String caption, List<String> head, List<List<Tag>> rows) {
    List<Markup> lines = new ArrayList<>();
    for (List<Tag> row : rows) {
      List<Markup> cells = new ArrayList<>(row);
      cells.set(0, tag("th", row.get(0).children()).at("scope", "row"));
      lines.add(tag("tr", cells));
    }
    return tag(
            "div",
            tag(
                "table",
                tag("caption", caption),
                tag(
                    "thead",
                    tag("tr", head.stream().map(h -> tag("th", h).at("scope", "col")).toList())),
                tag("tbody", lines)))
        .at("class", "scroll")
        .at("tabindex", "0")
        .at("role", "group")
        .at("aria-label", caption);
  }

  /** What a reader may unfold. */
  static Tag folded(String summary, Markup... content) {
    return tag("details", tag("summary", summary)).with(content);
  }
}
