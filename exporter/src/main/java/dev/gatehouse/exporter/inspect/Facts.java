package dev.gatehouse.exporter.inspect;

import dev.gatehouse.engine.schedule.Costs;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.proto.run.Run;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** An inspection in tables of text, the same for a terminal and for a page. */
record Facts(Inspection of) {
  private static final Pattern NUMBER = Pattern.compile("–|-?[0-9][0-9.,]*( ?[kMGT]?B?| bit|%)?");

  /**
   * One table.
   *
   * @param id names it in an address
   * @param title its heading
   * @param words what is to be seen; may be empty
   * @param head heads of the columns
   * @param rows their cells; the first heads its row
   */
  record Table(String id, String title, String words, List<String> head, List<List<String>> rows) {}

  /** What it is, in a line. */
  String summary() {
    Manifest manifest = of.manifest();
    if (manifest.experts() == 1) {
      return String.format(
          Locale.ROOT, "One network of %d classes; no gate.", manifest.classes().size());
    }
    return String.format(
        Locale.ROOT,
        "%d experts of %d classes, %s: %s",
        manifest.experts(),
        manifest.classes().size(),
        manifest.rule(),
        runs(manifest));
  }

  private static String runs(Manifest manifest) {
    if (manifest.routing() == Manifest.Routing.DENSE) {
      return "a row runs all of them.";
    }
    return manifest.rule() instanceof RoutingRule.Certified
        ? "a row runs them one after another until its label is certain."
        : String.format(Locale.ROOT, "a row runs %d of them.", manifest.rule().k());
  }

  /** Who signed it, in words. */
  String signed() {
    return of.signedBy() == null ? "not signed" : "says it is signed by " + of.signedBy();
  }

  /** What of the work is not counted; empty where all is. */
  String uncounted() {
    List<String> nodes = of.uncounted();
    if (nodes.isEmpty()) {
      return of.manifest().rule() instanceof RoutingRule.Certified
          ? "A row costs that or more: one expert is counted, and some rows need others as well."
          : "";
    }
    return String.format(
        Locale.ROOT,
        "A row costs more than that: the work of %d node(s) is not known, such as %s.",
        nodes.size(),
        nodes.get(0));
  }

  /** Every table. */
  List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    tables.add(cost());
    if (of.here() != null) {
      tables.add(here(of.here()));
    }
    tables.add(graphs());
    tables.add(signature());
    Run.Results results = of.manifest().results();
    if (results != null) {
      tables.add(results(results));
    }
    tables.add(origin());
    tables.add(files());
    return tables;
  }

  private Table cost() {
    RowCost served = of.served();
    RowCost dense = of.dense();
    List<List<String>> rows =
        List.of(
            costs("FLOPs", served.flops(), dense.flops(), ""),
            costs("weights as stored", served.weightBytes(), dense.weightBytes(), "B"),
            costs("parameters", served.parameters(), dense.parameters(), ""),
            costs("other elements", served.otherElements(), dense.otherElements(), ""));
    return new Table(
        "cost",
        "What a row costs",
        "Mean over rows that load the experts as the baseline says. FLOPs are those of"
            + " convolutions and matrix products, two a multiply-add; other operators cost about one"
            + " for each element that they write.",
        List.of("", "as served", "all experts", "share"),
        rows);
  }

  private static List<String> costs(String name, long served, long dense, String unit) {
    return List.of(
        name,
        amount(served, unit),
        amount(dense, unit),
        dense == 0 ? Numbers.NONE : Numbers.percent((double) served / dense));
  }

  private Table here(MeasuredHere here) {
    Costs costs = here.costs();
    String together =
        switch (here.policy()) {
          case PER_TICK -> "rows that arrive in one turn of an event loop, on that loop";
          case PER_EXPERT -> "rows of one expert, from all callers, on workers";
          case PER_MODEL -> "all rows that wait, on workers";
        };
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("computed together", together));
    boolean hasGate = of.manifest().graphs().gate() != null;
    if (hasGate) {
      rows.add(List.of("a row through the gate", micros(costs.gateRow())));
      rows.add(
          List.of(
              String.format(Locale.ROOT, "a row of a batch of %d through the gate", Costs.BATCH),
              micros(costs.gateRowInBatch())));
    }
    String through = hasGate ? "one expert" : "the model";
    rows.add(List.of("a row through " + through, micros(costs.expertRow())));
    rows.add(
        List.of(
            String.format(Locale.ROOT, "a row of a batch of %d through %s", Costs.BATCH, through),
            micros(costs.expertRowInBatch())));
    rows.add(
        List.of(
            "ONNX Runtime's settings",
            hasGate
                ? "gate: %s; experts: %s".formatted(here.gate(), here.expert())
                : here.expert().toString()));
    return new Table(
        "here",
        "On this machine",
        "As a server measures it when it loads the bundle; each time the bundle is loaded anew.",
        List.of("", "measured"),
        rows);
  }

  private static String micros(double nanos) {
    return String.format(Locale.ROOT, "%.1f us", nanos / 1e3);
  }

  private Table graphs() {
    List<List<String>> rows = new ArrayList<>();
    for (Inspection.GraphView graph : of.graphs()) {
      Manifest.FileEntry file = of.manifest().files().get(graph.file());
      rows.add(
          List.of(
              graph.file(),
              file == null ? Numbers.NONE : amount(file.bytes(), "B"),
              Integer.toString(graph.opset()),
              amount(graph.cost().parameters(), ""),
              amount(graph.cost().weightBytes(), "B"),
              amount(graph.cost().flops(), ""),
              amount(graph.cost().otherElements(), ""),
              Numbers.percent(graph.baselineShare())));
    }
    return new Table(
        "graphs",
        "Graphs that are served",
        "Each for one row. The share is that of the hits on the baseline's %s rows."
            .formatted(Numbers.count(of.manifest().baseline().rows())),
        List.of(
            "graph",
            "file",
            "opset",
            "parameters",
            "weights",
            "FLOPs",
            "other elements",
            "baseline share"),
        rows);
  }

  private Table signature() {
    Manifest manifest = of.manifest();
    InputSpec input = manifest.input();
    boolean certified = manifest.rule() instanceof RoutingRule.Certified;
    String k = certified ? "experts that ran" : Integer.toString(manifest.rule().k());
    int experts = manifest.experts();
    List<List<String>> rows =
        List.of(
            List.of(
                "input " + input.name(),
                input.datatype().toString(),
                "[batch" + comma(input) + "]",
                input.columns().isEmpty()
                    ? Numbers.range(input.min(), input.max())
                    : "a table's columns: "
                        + String.join(
                            ", ", input.columns().stream().map(column -> column.name()).toList())),
            output(
                Manifest.PROBABILITIES,
                "FP32",
                ", " + manifest.classes().size(),
                "of " + String.join(", ", manifest.classes())),
            output(Manifest.CLASS, "INT64", "", "the most probable"),
            output(Manifest.GATE_PROBABILITIES, "FP32", ", " + experts, "of the experts"),
            output(Manifest.EXPERT_INDICES, "INT64", ", " + k, "by falling weight"),
            output(Manifest.EXPERT_WEIGHTS, "FP32", ", " + k, "add up to 1 under a top-k rule"));
    return new Table(
        "signature", "What it takes and gives", "", List.of("", "type", "shape", "values"), rows);
  }

  private static String comma(InputSpec input) {
    StringBuilder dims = new StringBuilder();
    input.shape().dims().forEach(dim -> dims.append(", ").append(dim));
    return dims.toString();
  }

  private static List<String> output(String name, String type, String more, String values) {
    return List.of("output " + name, type, "[batch" + more + "]", values);
  }

  private Table results(Run.Results results) {
    Precision precision = of.manifest().precision();
    Precision.Measured rounded = precision.measured();
    List<List<String>> rows = new ArrayList<>();
    String words = "";
    String trained = "";
    if (rounded != null) {
      String weights = precision.form();
      words =
          ("The bundle has the form %s: the first line is its own, the others are of the weights before"
                  + " they were rounded. ")
              .formatted(weights);
      trained = ", float32";
      rows.add(rounded(rounded, weights));
    }
    rows.add(measured("test" + trained, results.test()));
    rows.add(measured("held out" + trained, results.validation()));
    return new Table(
        "results",
        "Measured",
        words
            + "Errors are shares of rows: under the rule that is served, and of the full mixture.",
        List.of("rows", "number", "error as served", "error dense", "H_s", "H_u", "I(E;Y)"),
        rows);
  }

  private static List<String> rounded(Precision.Measured of, String weights) {
    List<String> cells = new ArrayList<>();
    cells.add(of.on() + ", " + weights);
    cells.add(Numbers.count(of.rows()));
    cells.add(Numbers.percent(of.error()));
    cells.addAll(Collections.nCopies(4, Numbers.NONE));
    return cells;
  }

  /** What the rows are that the error as served was measured on, behind their number. */
  String measuredRows() {
    Precision precision = of.manifest().precision();
    Precision.Measured rounded = precision.measured();
    return rounded == null
        ? " rows"
        : (rounded.on() == Precision.On.TEST ? " rows, as " : " self-test rows, as ")
            + precision.form();
  }

  private static List<String> measured(String split, Run.Measurements of) {
    return List.of(
        split,
        Numbers.count(of.rows()),
        Numbers.percent(of.servedError()),
        Numbers.percent(of.denseError()),
        Numbers.bits(of.sampleEntropy()),
        Numbers.bits(of.usageEntropy()),
        Numbers.bits(of.mutualInformation()));
  }

  private Table origin() {
    Manifest manifest = of.manifest();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("created", manifest.created()));
    Object origin = manifest.provenance() == null ? manifest.imported() : manifest.provenance();
    if (origin != null) {
      Json.leaves(origin).forEach((key, value) -> rows.add(List.of(key, value)));
    }
    return new Table(
        "origin",
        "Where it comes from",
        manifest.provenance() == null
            ? "Imported: how it was trained, and how good it is, its files do not say."
            : "",
        List.of("key", "value"),
        rows);
  }

  private Table files() {
    List<List<String>> rows = new ArrayList<>();
    of.manifest()
        .files()
        .forEach((path, file) -> rows.add(List.of(path, amount(file.bytes(), "B"), file.sha256())));
    return new Table("files", "Files", "", List.of("file", "length", "sha256"), rows);
  }

  /** An amount with its unit. */
  static String amount(long value, String unit) {
    String text = Numbers.amount(value);
    boolean prefixed = Character.isLetter(text.charAt(text.length() - 1));
    return unit.isEmpty() ? text : text + (prefixed ? "" : " ") + unit;
  }

  /** Lines for a terminal. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    Manifest manifest = of.manifest();
    lines.add(
        String.format(Locale.ROOT, "%s/%d  %s", manifest.name(), manifest.version(), summary()));
    lines.add("%s, %s".formatted(amount(of.bytes(), "B"), signed()));
    for (Table table : tables()) {
      lines.add("");
      lines.add(table.title());
      if (!table.words().isEmpty()) {
        lines.add("  " + table.words());
      }
      lines.addAll(aligned(table));
    }
    if (!uncounted().isEmpty()) {
      lines.add("");
      lines.add(uncounted());
    }
    return lines;
  }

  /** Columns of numbers stand to the right, others to the left. */
  private static List<String> aligned(Table table) {
    List<List<String>> all = new ArrayList<>();
    all.add(table.head());
    all.addAll(table.rows());
    List<String> formats = new ArrayList<>();
    for (int c = 0; c < table.head().size(); c++) {
      int column = c;
      int width = all.stream().mapToInt(row -> row.get(column).length()).max().orElse(1);
      boolean numbers =
          table.rows().stream().allMatch(row -> NUMBER.matcher(row.get(column)).matches());
      formats.add("  %" + (numbers ? "" : "-") + width + "s");
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < row.size(); c++) {
        line.append(String.format(Locale.ROOT, formats.get(c), row.get(c)));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
