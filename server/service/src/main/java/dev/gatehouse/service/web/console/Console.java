package dev.gatehouse.service.web.console;

import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.service.metrics.ExpertLoad;
import dev.gatehouse.service.repository.Lease;
import dev.gatehouse.service.repository.Repository;
import dev.gatehouse.service.repository.ServedModel;
import dev.gatehouse.service.web.Page;
import dev.gatehouse.service.web.Question;
import dev.gatehouse.service.web.Resource;
import dev.gatehouse.service.web.Routes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The page for people and what it asks: the models, their live expert load, rows to try, and an
 * answer with its routing. What is predicted here is traffic like any other and counts as such.
 */
public final class Console {
  private static final int MOST_EXAMPLES = 24;

  private final Repository repository;
  private final Function<ServedModel, ExpertLoad> load;

  /**
   * The console of a server.
   *
   * @param load what a model has answered so far
   */
  public Console(Repository repository, Function<ServedModel, ExpertLoad> load) {
    this.repository = repository;
    this.load = load;
  }

  /** Where the parts stand. */
  public Routes routes() {
    Map<String, Resource> read = new HashMap<>(Assets.byPath());
    read.put("/api/models", question -> Page.json(models()));
    read.put("/api/load", question -> Page.json(loads()));
    read.put("/api/examples", question -> Page.json(examples(question)));
    return new Routes(read, Map.of("/api/predict", question -> Page.json(predict(question))));
  }

  private List<ModelView> models() {
    return repository.served().stream().map(ModelView::of).toList();
  }

  private List<LoadView> loads() {
    return repository.served().stream()
        .map(served -> LoadView.of(served, load.apply(served)))
        .toList();
  }

  private ExamplesView examples(Question question) {
    try (Lease lease = borrow(question)) {
      return ExamplesView.of(lease.served().model().recordedRows(), MOST_EXAMPLES);
    }
  }

  private PredictionView predict(Question question) {
    try (Lease lease = borrow(question)) {
      ServedModel served = lease.served();
      RowBody body = new RowBody(served.model().manifest().input());
      var row = body.read(question.contentType(), question.body());
      long start = System.nanoTime();
      Prediction prediction = served.model().predict(row);
      return PredictionView.of(served, prediction, System.nanoTime() - start);
    }
  }

  private Lease borrow(Question question) {
    return repository.borrowAsNamed(
        question.query().getOrDefault("model", ""), question.number("version", 0));
  }
}
