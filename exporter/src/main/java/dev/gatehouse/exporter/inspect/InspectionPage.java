package dev.gatehouse.exporter.inspect;

import static dev.gatehouse.proto.page.Markup.tag;
import static dev.gatehouse.proto.page.Markup.text;

import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.ServedError;
import dev.gatehouse.proto.page.Markup;
import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.proto.page.Page;
import dev.gatehouse.proto.page.Sheets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An inspection as one page that needs nothing else. */
public final class InspectionPage {
  private static final String FOOTER =
      "Made by Gatehouse. docs/formats.md explains every key of a bundle.";

  private final Inspection of;
  private final Facts facts;

  private InspectionPage(Inspection of) {
    this.of = of;
    this.facts = new Facts(of);
  }

  /** The page's text. */
  public static String html(Inspection inspection) {
    return new InspectionPage(inspection).page().html();
  }

  private Page page() {
    Manifest manifest = of.manifest();
    String name = manifest.name() + "/" + manifest.version();
    return new Page(
        name + " – Gatehouse",
        Sheets.read(InspectionPage.class, "inspection"),
        FOOTER,
        head(name),
        facts.tables().stream().map(this::section).toList());
  }

  private List<Markup> head(String name) {
    List<Markup> head = new ArrayList<>();
    head.add(tag("p", "Gatehouse model bundle").at("class", "eyebrow"));
    head.add(tag("h1", name));
    head.add(tag("p", facts.summary()).at("class", "summary"));
    if (!facts.uncounted().isEmpty()) {
      head.add(tag("p", facts.uncounted()).at("class", "warning").at("role", "note"));
    }
    head.add(tag("dl", tiles()).at("class", "tiles"));
    return head;
  }

  private List<Markup> tiles() {
    RowCost served = of.served();
    RowCost dense = of.dense();
    List<Markup> tiles = new ArrayList<>();
    tiles.add(
        tile(
            "FLOPs a row", Numbers.amount(served.flops()), against(Numbers.amount(dense.flops()))));
    tiles.add(
        tile(
            "Weights of a row, as stored",
            Facts.amount(served.weightBytes(), "B"),
            against(Facts.amount(dense.weightBytes(), "B"))));
    tiles.add(tile("Parameters", Numbers.amount(of.parameters()), "in all that is served"));
    tiles.add(
        tile(
            "On the disk",
            Facts.amount(of.bytes(), "B"),
            of.manifest().files().size() + " files, checksums right"));
    tiles.add(
        ServedError.of(of.manifest())
            .map(
                error ->
                    tile(
                        "Test error as served",
                        Numbers.percent(error.share()),
                        Numbers.count(error.rows()) + facts.measuredRows()))
            .orElseGet(() -> tile("Test error", Numbers.NONE, "imported: not measured here")));
    tiles.add(
        of.signedBy() == null
            ? tile("Signature", "none", "gatehouse sign makes one")
            : tile("Signature", of.signedBy().substring(0, 15) + "…", "not checked here"));
    return tiles;
  }

  private String against(String dense) {
    return of.sparse() == null ? "every expert runs" : dense + " with all experts";
  }

  private static Markup tile(String name, String value, String words) {
    return tag("div", tag("dt", name), tag("dd", value), tag("dd", words).at("class", "quiet"));
  }

  private Page.Section section(Facts.Table table) {
    List<List<Markup.Tag>> rows = new ArrayList<>();
    for (int row = 0; row < table.rows().size(); row++) {
      List<Markup.Tag> cells =
          new ArrayList<>(table.rows().get(row).stream().map(cell -> tag("td", cell)).toList());
      if (table.id().equals("graphs")) {
        withBar(cells, of.graphs().get(row).baselineShare());
      }
      rows.add(cells);
    }
    Markup drawn = Markup.tableOf(table.title(), table.head(), rows);
    return new Page.Section(table.id(), table.title(), table.words(), List.of(drawn));
  }

  /** Draws the share beside its number. */
  private static void withBar(List<Markup.Tag> cells, @Nullable Double share) {
    if (share != null) {
      int last = cells.size() - 1;
      cells.set(
          last,
          tag(
              "td",
              tag("span").at("class", "share").at("style", percent(share)),
              text(Numbers.percent(share))));
    }
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "--share: %.1f%%", 100 * share);
  }
}
