package dev.gatehouse.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.xml.sax.InputSource;

/** What holds of every page. */
final class Pages {
  private Pages() {}

  /**
   * Checks that a page is well-formed, stands alone, runs nothing, and says in words what it shows.
   */
  static Document sound(String html) throws Exception {
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html.replace("<!DOCTYPE html>", ""))));
    Document page = Jsoup.parse(html);
    assertThat(page.select("script, link, iframe, object, embed, foreignObject")).isEmpty();
    assertThat(page.select("*").stream().flatMap(e -> e.attributes().asList().stream()))
        .noneMatch(a -> a.getKey().startsWith("on"));
    assertThat(html.replace("xmlns=\"http://www.w3.org/2000/svg\"", ""))
        .doesNotContain("http://", "https://", "url(", "@import", "//cdn");
    assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
        .startsWith("default-src 'none'");
    assertThat(page.select("[id]").eachAttr("id")).doesNotHaveDuplicates();
    for (Element link : page.select("a[href]")) {
      assertThat(page.select(link.attr("href"))).as(link.attr("href")).hasSize(1);
    }
    for (Element svg : page.select("svg")) {
      assertThat(svg.select("> title").text()).isNotBlank();
      assertThat(svg.select("> desc").text()).isNotBlank();
      List<String> labelled = List.of(svg.attr("aria-labelledby").split(" "));
      assertThat(labelled).allSatisfy(id -> assertThat(svg.getElementById(id)).isNotNull());
      assertThat(svg.outerHtml()).doesNotContain("NaN", "Infinity");
    }
    assertThat(page.select("img"))
        .allSatisfy(
            img -> {
              assertThat(img.attr("alt")).isNotBlank();
              assertThat(img.attr("src")).startsWith("data:image/png;base64,");
            });
    assertThat(page.select("table")).allSatisfy(t -> assertThat(t.select("caption")).hasSize(1));
    return page;
  }

  /** The text of each cell of the table with that caption, row by row, heads included. */
  static List<List<String>> table(Document page, String caption) {
    Element table =
        page.select("table").stream()
            .filter(t -> t.select("caption").text().equals(caption))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no table " + caption));
    return table.select("tr").stream().map(tr -> tr.select("th, td").eachText()).toList();
  }

  /** The text of each cell of the row of that name. */
  static List<String> row(Document page, String caption, String name) {
    return table(page, caption).stream()
        .filter(row -> row.get(0).equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no row " + name));
  }
}
