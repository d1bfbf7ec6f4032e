package dev.gatehouse.service.repository;

import dev.gatehouse.engine.pipeline.EngineOptions;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.pipeline.PredictionListener;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.TrustedKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The models that are served, by name and version. A request borrows one as a {@link Lease}; once
 * the repository is closed no more are lent, and each model closes when its last lease does.
 */
public final class Repository implements AutoCloseable {
  private final NavigableMap<String, NavigableMap<Integer, Holding>> models;
  private final List<BadInput> refused;

  private Repository(
      NavigableMap<String, NavigableMap<Integer, Holding>> models, List<BadInput> refused) {
    this.models = models;
    this.refused = List.copyOf(refused);
  }

  /**
   * Loads every {@code NAME/VERSION/} in {@code folder}, each after its self-test passed. A version
   * that cannot be served, for whatever reason, beside one that can is left out and reported by
   * {@link #refused}; so are a folder that cannot be listed and a bundle without a version.
   *
   * @param trusted whose bundles are served
   * @param engine how models are opened
   * @param listeners makes the listener of a model's predictions
   * @throws BadInput when nothing in the folder can be served; names every reason
   */
  public static Repository load(
      Path folder,
      TrustedKeys trusted,
      EngineOptions engine,
      Function<MoeModel, PredictionListener> listeners) {
    ModelLoader loader = new ModelLoader(trusted, engine, listeners);
    NavigableMap<String, NavigableMap<Integer, Holding>> models = new TreeMap<>();
    ModelsFolder.Content content = new ModelsFolder(folder).content();
    List<BadInput> refused = new ArrayList<>(content.refused());
    for (Path version : content.versions()) {
      try {
        ServedModel served = loader.load(version);
        models
            .computeIfAbsent(served.name(), name -> new TreeMap<>())
            .put(served.version(), new Holding(served));
      } catch (BadInput e) {
        refused.add(e);
      } catch (RuntimeException e) {
        refused.add(unexpected(version, e));
      }
    }
    if (models.isEmpty()) {
      throw refused.size() == 1 ? refused.get(0) : nothing(folder, refused);
    }
    return new Repository(models, refused);
  }

  /** Whatever one version does, the others are served. */
  private static BadInput unexpected(Path version, RuntimeException e) {
    String what = e.toString().lines().findFirst().orElse("");
    return new BadInput(version + ": cannot be loaded: " + what, e);
  }

  private static BadInput nothing(Path folder, List<BadInput> refused) {
    List<String> reasons = refused.stream().map(BadInput::getMessage).toList();
    return new BadInput(folder + ": no model can be served: " + String.join("; ", reasons));
  }

  /** Why versions, or whole folders, are not served; empty when all are. */
  public List<BadInput> refused() {
    return refused;
  }

  /** Every served version, by name and rising version. */
  public List<ServedModel> served() {
    return models.values().stream()
        .map(NavigableMap::values)
        .flatMap(Collection::stream)
        .map(Holding::served)
        .toList();
  }

  /** The served versions of a model, rising; empty for an unknown name. */
  public List<Integer> versions(String name) {
    NavigableMap<Integer, Holding> versions = models.get(name);
    return versions == null ? List.of() : List.copyOf(versions.keySet());
  }

  /**
   * The name of the only model.
   *
   * @throws UnknownModel when there are several
   */
  public String onlyName() {
    if (models.size() > 1) {
      throw new UnknownModel("name a model: this server holds " + models.keySet());
    }
    return models.firstKey();
  }

  /**
   * Borrows what a caller names, who may leave out what is clear.
   *
   * @param name a model; empty for the only one
   * @param version a version; 0 for the highest
   * @throws UnknownModel when no such model or version is served, or the name is left out of
   *     several
   * @throws Draining when no more requests are taken
   */
  public Lease borrowAsNamed(String name, int version) {
    String model = name.isEmpty() ? onlyName() : name;
    if (version < 0) {
      throw new UnknownModel("a version is 1 or more, 0 for the highest; version=" + version);
    }
    return version == 0 ? borrow(model) : borrow(model, version);
  }

  /**
   * Borrows the highest version of {@code name}.
   *
   * @throws UnknownModel when no such model is served
   * @throws Draining when no more requests are taken
   */
  public Lease borrow(String name) {
    return lend(byName(name).lastEntry().getValue());
  }

  /**
   * Borrows {@code version} of {@code name}.
   *
   * @throws UnknownModel when no such model or version is served
   * @throws Draining when no more requests are taken
   */
  public Lease borrow(String name, long version) {
    NavigableMap<Integer, Holding> versions = byName(name);
    Holding holding = version == (int) version ? versions.get((int) version) : null;
    if (holding == null) {
      throw new UnknownModel(
          "model '" + name + "' has no version " + version + "; served: " + versions.keySet());
    }
    return lend(holding);
  }

  private NavigableMap<Integer, Holding> byName(String name) {
    NavigableMap<Integer, Holding> versions = models.get(name);
    if (versions == null) {
      throw new UnknownModel("unknown model '" + name + "'; served: " + models.keySet());
    }
    return versions;
  }

  private Lease lend(Holding holding) {
    if (!holding.acquire()) {
      throw new Draining();
    }
    return new Lease(holding);
  }

  /** Lends no more; each model closes with its last lease. A second call does nothing. */
  @Override
  public void close() {
    models.values().forEach(versions -> versions.values().forEach(Holding::retire));
  }
}
