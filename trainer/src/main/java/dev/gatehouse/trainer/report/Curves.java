package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Markup;
import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.proto.page.Page;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.trainer.report.LineChart.Limit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The learning curves of one run. */
record Curves(MeasuredRun of) {

  /** All pictures and the numbers behind them. */
  List<Markup> content() {
    List<Markup> figures = new ArrayList<>(List.of(loss(), errors()));
    if (of.hasGate()) {
      figures.add(entropies());
    }
    if (Arrays.stream(of.curve(EpochMetrics::learningRate)).distinct().count() > 1) {
      figures.add(learningRate());
    }
    return List.of(Page.beside(figures), Markup.folded("Every epoch in numbers", table()));
  }

  private Markup loss() {
    return Page.figure(
        "Loss",
        "Mean over the training rows, regularisers included.",
        chart("loss", "Loss", "loss", List.of(new Series("", 0, of.curve(EpochMetrics::loss))))
            .draw());
  }

  private Markup errors() {
    double[] dense = of.curve(EpochMetrics::validationError);
    double[] served = of.curve(EpochMetrics::servedError);
    List<Series> series = new ArrayList<>();
    series.add(new Series("training", 0, of.curve(EpochMetrics::trainError)));
    series.add(new Series("held out", 1, dense));
    if (!Arrays.equals(dense, served)) {
      series.add(new Series("as served", 2, served));
    }
    return Page.figure(
        "Error",
        "Training rows are counted while the weights still move; held-out rows at the end of the"
            + " epoch, by the full mixture"
            + (series.size() == 3 ? " and as it is served." : "."),
        new LineChart(
                "error",
                "Error over the epochs",
                "Last epoch: training "
                    + Numbers.percent(last(of.curve(EpochMetrics::trainError)))
                    + ", held out "
                    + Numbers.percent(last(dense))
                    + ".",
                "share of rows wrong",
                value -> Numbers.brief(100 * value) + "%",
                series,
                null)
            .draw());
  }

  private Markup entropies() {
    double most = Math.log(of.run().model().experts()) / Math.log(2);
    return Page.figure(
        "Gate",
        "On the held-out rows. H_s: how undecided the gate is on a row. H_u: how evenly it uses the"
            + " experts. I(E;Y): what the expert tells of the class.",
        new LineChart(
                "entropy",
                "Entropies of the gate over the epochs",
                "Last epoch: H_s "
                    + Numbers.bits(last(of.curve(EpochMetrics::sampleEntropy)))
                    + ", H_u "
                    + Numbers.bits(last(of.curve(EpochMetrics::usageEntropy)))
                    + ", I(E;Y) "
                    + Numbers.bits(last(of.curve(EpochMetrics::mutualInformation)))
                    + ".",
                "bit",
                Numbers::brief,
                List.of(
                    new Series("H_u", 2, of.curve(EpochMetrics::usageEntropy)),
                    new Series("I(E;Y)", 0, of.curve(EpochMetrics::mutualInformation)),
                    new Series("H_s", 1, of.curve(EpochMetrics::sampleEntropy))),
                new Limit(most, "log2 of the number of experts"))
            .draw());
  }

  private Markup learningRate() {
    return Page.figure(
        "Learning rate",
        "The optimiser's step size at the end of each epoch.",
        chart(
                "rate",
                "Learning rate",
                "step size",
                List.of(new Series("", 0, of.curve(EpochMetrics::learningRate))))
            .draw());
  }

  private static LineChart chart(String id, String title, String unit, List<Series> series) {
    return new LineChart(
        id,
        title + " over the epochs",
        "Last epoch: " + Numbers.brief(last(series.get(0).values())) + ".",
        unit,
        Numbers::brief,
        series,
        null);
  }

  private static double last(double[] values) {
    return values.length == 0 ? Double.NaN : values[values.length - 1];
  }

  private Markup table() {
    List<List<String>> rows =
        of.epochs().stream()
            .map(
                m ->
                    List.of(
                        Integer.toString(m.epoch()),
                        Numbers.brief(m.loss()),
                        Numbers.percent(m.trainError()),
                        Numbers.percent(m.validationError()),
                        Numbers.percent(m.servedError()),
                        Numbers.three(m.sampleEntropy()),
                        Numbers.three(m.usageEntropy()),
                        Numbers.three(m.mutualInformation()),
                        Numbers.three(m.loadVariation()),
                        Numbers.brief(m.learningRate()),
                        String.join(" ", m.expertLoad().stream().map(Numbers::hundredths).toList()),
                        Numbers.brief(Math.rint(10 * m.seconds()) / 10)))
            .toList();
    return Markup.table(
        "Epochs; entropies in bits on the held-out rows",
        List.of(
            "epoch",
            "loss",
            "error, training",
            "held out",
            "as served",
            "H_s",
            "H_u",
            "I(E;Y)",
            "variation of load",
            "learning rate",
            "load by expert, %",
            "seconds"),
        rows);
  }
}
