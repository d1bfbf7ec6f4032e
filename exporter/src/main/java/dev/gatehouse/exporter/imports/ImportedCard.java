package dev.gatehouse.exporter.imports;

import dev.gatehouse.exporter.onnx.Printable;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.page.Numbers;
import java.util.List;
import java.util.Locale;

/** {@code MODEL_CARD.md} of an imported bundle: what it is, and what nobody here knows of it. */
record ImportedCard(
    String name,
    int version,
    InputSpec input,
    List<String> classes,
    ImportOptions options,
    Manifest.Imported origin) {

  /** The card in Markdown. */
  String text() {
    return String.format(
        Locale.ROOT,
        """
        # %s, version %d

        A classifier of %d classes (%s), made of %d expert network(s) that were trained and exported
        elsewhere. A row is `%s`, %s of shape %s with the values: %s. %s

        ## Where it comes from

        | part | file | written by | opset | output | taken as | sha256 |
        | --- | --- | --- | --- | --- | --- | --- |
        %s
        On what data it was trained, under which licence, and how good it is, the files do not say:
        whoever trained it does. Baseline and self-test come from rows that were %s.

        ## Limits, and who should not use it

        Nothing was measured here but that the served graphs answer as the files do. The model names
        one of its classes for whatever it is shown. Do not use it where a wrong answer can hurt
        somebody, to decide about people, or before it was measured on your own data.
        """,
        name,
        version,
        classes.size(),
        String.join(", ", classes),
        origin.experts().size(),
        input.name(),
        input.datatype(),
        input.shape(),
        Numbers.range(input.min(), input.max()),
        routing(),
        sources(),
        origin.rows().equals("drawn")
            ? "drawn evenly from the input's range, which says little of real load"
            : "given");
  }

  private String routing() {
    return options.rule() instanceof RoutingRule.TopK top
        ? String.format(
            Locale.ROOT,
            "A gate chooses %d expert(s)\nfor each row; the others do not run.",
            top.k())
        : "Every expert\nruns for every row.";
  }

  private String sources() {
    StringBuilder rows = new StringBuilder(source("gate", origin.gate()));
    for (int e = 0; e < origin.experts().size(); e++) {
      rows.append(source("expert " + e, origin.experts().get(e)));
    }
    return rows.toString();
  }

  private static String source(String part, Manifest.Source of) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %d | %s | %s | `%s` |\n",
        part,
        cell(of.file()),
        cell(of.producer()),
        of.opset(),
        cell(of.output()),
        of.kind(),
        of.sha256());
  }

  /** Names come from files: none may end its cell. */
  private static String cell(String text) {
    return Printable.of(text).replace('|', ' ');
  }
}
