package dev.gatehouse.exporter;

import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * {@code MODEL_CARD.md} of a bundle: what the model is, what it was made from, how good it is, and
 * who should not use it.
 */
record ModelCard(TrainedModel trained, Precision precision, String name, int version) {

  /** The card in Markdown. */
  String text() {
    RunMeasurements measured = trained.measurements();
    return measured == null
        ? String.join("\n", head(), data(), metrics(), limits("are not calibrated"))
        : String.join(
            "\n",
            head(),
            data(),
            metrics(),
            more(measured),
            classes(measured.test()),
            limits(
                percent(
                    "are off by %s on average, and more on rows of another kind",
                    measured.test().calibrationError())));
  }

  private String head() {
    Run run = trained.run();
    long parameters = run.model().parameters().stream().mapToLong(ParameterSpec::elements).sum();
    InputSpec input = run.model().input();
    return String.format(
        Locale.ROOT,
        """
        # %s, version %d

        A classifier of %d classes (%s), made of %d expert network(s) with %,d parameters in all.
        A row is `%s`, %s of shape %s with %s as they come, before any
        normalisation: that is part of the graphs. %s
        """,
        name,
        version,
        run.model().classes().size(),
        String.join(", ", run.model().classes()),
        run.model().experts(),
        parameters,
        input.name(),
        input.datatype(),
        input.shape(),
        values(input),
        routing());
  }

  private static String values(InputSpec input) {
    if (input.columns().isEmpty()) {
      return "values from " + number(input.min()) + " to " + number(input.max());
    }
    return "the columns "
        + input.columns().stream().map(ModelCard::column).collect(Collectors.joining(", "));
  }

  private static String column(Column column) {
    return column instanceof Column.Category category
        ? String.format(
            Locale.ROOT,
            "`%s` (the index of one of %d values)",
            column.name(),
            category.values().size())
        : "`%s` (a number)".formatted(column.name());
  }

  private String routing() {
    Run run = trained.run();
    int k = run.serving().k();
    if (run.serving() instanceof RoutingRule.Certified) {
      return """
          Experts run by falling gate probability until the
          others cannot change the class, which is that of the full mixture; each probability is off by
          at most the gate probability of the experts that did not run.\
          """;
    }
    if (run.model().runsSparsely(run.serving())) {
      return String.format(
          Locale.ROOT, "A gate chooses %d expert(s) for each row; the others do not run.", k);
    }
    return run.model().experts() > 1 && run.serving() instanceof RoutingRule.TopK
        ? String.format(
                Locale.ROOT,
                "Every expert runs for every row, since the gate weighs what they say; the %d that it",
                k)
            + "\nchooses make the answer."
        : "Every expert runs for every row.";
  }

  private String data() {
    Run run = trained.run();
    Run.Dataset data = run.dataset();
    String teacher =
        run.teacher() == null ? "" : " It was distilled from run `" + run.teacher() + "`.";
    return String.format(
        Locale.ROOT,
        """
        ## Data

        Trained on `%s` (licence: %s): %,d rows, with %,d held out to watch the training and %,d to
        test. Fingerprint of the data: `%s`. The model comes from run `%s`.%s
        """,
        data.name(),
        data.licence(),
        data.trainRows(),
        data.validationRows(),
        data.testRows(),
        data.fingerprint(),
        run.id(),
        teacher);
  }

  private String metrics() {
    return String.format(
        Locale.ROOT,
        """
        ## Metrics

        | rows | error as served (%s) | error of the full mixture | H_s, bits | H_u, bits | I(E;Y), bits |
        | --- | --- | --- | --- | --- | --- |
        %s
        %s

        H_s is the mean entropy of a row's gate probabilities, H_u the entropy of their mean, I(E;Y)
        what the chosen expert tells of the class.
        %s""",
        trained.run().serving(),
        row("test", trained.results().test()),
        row("validation", trained.results().validation()),
        rounding());
  }

  /** What rounded weights change; nothing where they are as they were trained. */
  private String rounding() {
    Precision.Measured measured = precision.measured();
    return measured == null
        ? ""
        : format(
            """

            That was measured with the weights as they were trained. This bundle has the form
            %s: on %,d %s rows the error is %.4f where it is %.4f without rounding, and %.2f%% of
            the rows get another class.%s
            """,
            precision.form(),
            measured.rows(),
            measured.on(),
            measured.error(),
            measured.float32Error(),
            100 * measured.changed(),
            ranges());
  }

  private String ranges() {
    Precision.Activations seen = precision.activations();
    return seen == null
        ? ""
        : format(
            """
             Its larger layers compute in 8-bit integers, of ranges
            seen on %,d %s rows.""",
            seen.rows(), seen.on());
  }

  /** What else was measured, as far as it says something of such a model. */
  private String more(RunMeasurements measured) {
    SplitMeasurements test = measured.test();
    StringBuilder lines = new StringBuilder("On the test rows:\n\n");
    Double top5 = test.served().top5();
    if (top5 != null) {
      lines.append(percent("- the true class is not among the first five for %s\n", top5));
    }
    lines.append(percent("- expected calibration error, 15 bins: %s\n", test.calibrationError()));
    if (test.experts().size() > 1) {
      lines
          .append(percent("- misrouted (another expert alone is right): %s\n", test.misrouted()))
          .append(percent("- no expert alone is right: %s\n", test.oracleError()))
          .append(
              format(
                  "- entropy of the expert given the class, mean over classes: %.3f bits\n",
                  test.taskEntropy()));
    }
    lines.append(
        percent("\nThe error on the training rows is %s.\n", measured.train().served().top1()));
    return lines.toString();
  }

  private String classes(SplitMeasurements test) {
    StringBuilder table =
        new StringBuilder("| class | test rows | error as served |\n| --- | --- | --- |\n");
    for (int c = 0; c < test.classes().size(); c++) {
      SplitMeasurements.ByClass of = test.classes().get(c);
      Double error = of.servedError();
      table.append(
          format(
              "| %s | %,d | %s |\n",
              trained.run().model().classes().get(c).replace("|", "\\|"),
              of.rows(),
              error == null ? "no rows" : format("%.4f", error)));
    }
    return table.toString();
  }

  private static String percent(String words, double fraction) {
    return format(words, format("%.2f%%", 100 * fraction));
  }

  private static String format(String words, Object... values) {
    return String.format(Locale.ROOT, words, values);
  }

  private static String row(String split, Run.Measurements m) {
    return String.format(
        Locale.ROOT,
        "| %s, %,d | %.4f | %.4f | %.3f | %.3f | %.3f |",
        split,
        m.rows(),
        m.servedError(),
        m.denseError(),
        m.sampleEntropy(),
        m.usageEntropy(),
        m.mutualInformation());
  }

  /** Who should not use it; {@code probabilities} says how far those of its answers go. */
  private String limits(String probabilities) {
    return String.format(
        Locale.ROOT,
        """
        ## Limits, and who should not use it

        The figures hold for rows drawn as the test rows of `%s` were. The model names one of its
        classes for whatever it is shown: it has no class for "none of these", and its probabilities
        %s. %s give answers without meaning.

        Do not use it where a wrong answer can hurt somebody, to decide about people, or on data of
        another kind than its own without measuring it there first.
        """,
        trained.run().dataset().name(),
        probabilities,
        trained.run().model().input().columns().isEmpty()
            ? "Other sizes, other value ranges, inverted colours or other kinds of pictures"
            : "Other units, other meanings of a column or rows from elsewhere");
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
