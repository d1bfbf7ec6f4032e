package dev.gatehouse.trainer.report;

import static dev.gatehouse.proto.page.Markup.tag;

import dev.gatehouse.proto.page.Markup;
import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.proto.page.Page;
import dev.gatehouse.proto.run.RunMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements.ByExpert;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The page of one run, {@code report.html}. */
public final class RunReport {
  /** The gate has collapsed when one expert takes more of the rows than this. */
  private static final double COLLAPSED = 0.95;

  private final MeasuredRun of;
  private final Gallery gallery;
  private final Pictures pictures;

  private RunReport(MeasuredRun of, Examples examples) {
    this.of = of;
    this.gallery = new Gallery(of, examples);
    this.pictures = Pictures.alone(of);
  }

  /** The page's text: one HTML file that needs nothing else. */
  public static String html(MeasuredRun run, Examples examples) {
    return new RunReport(run, examples).page().html();
  }

  private Page page() {
    List<Page.Section> sections = new ArrayList<>();
    sections.add(new Page.Section("learning", "Learning", "", new Curves(of).content()));
    if (of.hasGate()) {
      sections.add(experts());
      sections.add(
          new Page.Section(
              "gate",
              "Gate and calibration",
              "",
              List.of(
                  Page.beside(
                      List.of(
                          pictures.decisiveness(),
                          pictures.gateProbabilities(),
                          pictures.reliability())))));
    } else {
      sections.add(
          new Page.Section(
              "gate",
              "Calibration",
              "One network: there is no gate to speak of.",
              List.of(Page.beside(List.of(pictures.reliability())))));
    }
    sections.add(rows());
    sections.add(new Tables(of).measurements());
    sections.add(new Tables(of).configuration());
    return new Page(of.run().id() + " – Gatehouse", Style.PAGE, Style.FOOTER, head(), sections);
  }

  private List<Markup> head() {
    RunMeasurements all = of.measurements();
    SplitMeasurements test = all.test();
    List<Markup> tiles = new ArrayList<>();
    tiles.add(
        tile(
            "Test error as served",
            Numbers.percent(test.served().top1()),
            "held out "
                + Numbers.percent(all.validation().served().top1())
                + ", training "
                + Numbers.percent(all.train().served().top1())));
    if (of.hasGate()) {
      double most = Math.log(test.experts().size()) / Math.log(2);
      tiles.add(
          tile(
              "I(E;Y)",
              Numbers.bits(test.mutualInformation()),
              "what the expert tells of the class"));
      tiles.add(tile("H_s", Numbers.bits(test.gate().sample()), "of a row; low: a decisive gate"));
      tiles.add(
          tile(
              "H_u",
              Numbers.bits(test.gate().usage()),
              "of at most " + Numbers.three(most) + "; high: even use"));
      tiles.add(
          tile("Misrouted", Numbers.percent(test.misrouted()), "wrong, but another expert knew"));
    }
    tiles.add(
        tile(
            "Calibration error",
            Numbers.percent(test.calibrationError()),
            "mean gap of sure and right"));
    List<Markup> head = new ArrayList<>();
    head.add(tag("p", "Gatehouse run report").at("class", "eyebrow"));
    head.add(tag("h1", of.run().id()));
    head.add(tag("p", capital(of.summary()) + ".").at("class", "summary"));
    head.addAll(warnings(test));
    head.add(tag("dl", tiles).at("class", "tiles"));
    return head;
  }

  private static Markup tile(String name, String value, String words) {
    return tag("div", tag("dt", name), tag("dd", value), tag("dd", words).at("class", "quiet"));
  }

  private List<Markup> warnings(SplitMeasurements test) {
    List<Markup> warnings = new ArrayList<>();
    List<String> idle = new ArrayList<>();
    for (int e = 0; e < test.experts().size() && of.hasGate(); e++) {
      ByExpert expert = test.experts().get(e);
      double share = (double) expert.rows() / test.rows();
      if (share > COLLAPSED) {
        warnings.add(
            warning(
                "The gate has collapsed: expert "
                    + e
                    + " takes "
                    + Numbers.percent(share)
                    + " of the test rows. A regulariser (importance, or L_s) keeps experts apart."));
      }
      if (expert.rows() == 0) {
        idle.add(Integer.toString(e));
      }
    }
    if (!idle.isEmpty()) {
      warnings.add(
          warning(
              "Never the first choice on the test rows: expert " + String.join(", ", idle) + "."));
    }
    return warnings;
  }

  private static Markup warning(String words) {
    return tag("p", words).at("class", "warning").at("role", "note");
  }

  private Page.Section experts() {
    return new Page.Section(
        "experts",
        "Experts and classes",
        "",
        List.of(
            Page.beside(List.of(pictures.heatMap(), pictures.usage())),
            tag("h3", "Some rows of each expert").at("class", "apart"),
            Page.paragraph(gallery.words()),
            gallery.experts()));
  }

  private Page.Section rows() {
    List<Markup> groups = new ArrayList<>();
    if (of.hasGate()) {
      groups.add(gallery.undecided());
    }
    groups.add(gallery.unsure());
    if (of.hasGate()) {
      groups.add(gallery.misrouted());
    }
    return new Page.Section("rows", "Rows worth a look", "", groups);
  }

  private static String capital(String words) {
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}
