package dev.gatehouse.exporter;

import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * {@code MODEL_CARD.md} of a bundle: what the model is, what it was made from, how good it is, and
 * who should not use it.
 */
record ModelCard(TrainedModel trained, String name, int version) {

  /** The card in Markdown. */
  String text() {
    return String.join("\n", head(), data(), metrics(), limits());
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
        ? "`%s` (the index of one of %d values)".formatted(column.name(), category.values().size())
        : "`%s` (a number)".formatted(column.name());
  }

  private String routing() {
    Run run = trained.run();
    int k = run.serving().k();
    if (run.model().runsSparsely(run.serving())) {
      return "A gate chooses %d expert(s) for each row; the others do not run.".formatted(k);
    }
    return run.serving() instanceof RoutingRule.TopK
        ? "Every expert runs for every row, since the gate weighs what they say; the %d that it"
                .formatted(k)
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
        """,
        trained.run().serving(),
        row("test", trained.results().test()),
        row("validation", trained.results().validation()));
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

  private String limits() {
    return String.format(
        Locale.ROOT,
        """
        ## Limits, and who should not use it

        The figures hold for rows drawn as the test rows of `%s` were. The model names one of its
        classes for whatever it is shown: it has no class for "none of these", and its probabilities
        are not calibrated. %s give answers without meaning.

        Do not use it where a wrong answer can hurt somebody, to decide about people, or on data of
        another kind than its own without measuring it there first.
        """,
        trained.run().dataset().name(),
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
