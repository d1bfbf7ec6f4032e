package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.run.Augment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The authors' numbers for each data set (arXiv 2302.14703 and their repository). Their scripts
 * decay weights by the method, their notebooks on Fashion-MNIST in no method.
 */
public final class Recipes {
  private static final List<Preset> ALL =
      List.of(
          recipe("paper-mnist", "mnist", "paper-mnist", 5, 512, 20, Augment.NONE),
          withoutDecay(
              recipe("paper-fashion", "fashion-mnist", "paper-fashion", 5, 512, 20, Augment.NONE)),
          recipe("paper-cifar-10", "cifar-10", "paper-cifar", 5, 1024, 200, Augment.CIFAR),
          recipe("paper-cifar-100", "cifar-100", "paper-cifar", 20, 1024, 200, Augment.CIFAR));

  private Recipes() {}

  /** All recipes. */
  public static List<Preset> all() {
    return ALL;
  }

  /**
   * The recipe called {@code name}.
   *
   * @throws dev.gatehouse.proto.BadInput when there is none
   */
  public static Preset named(String name) {
    return Preset.named("recipe", ALL, name);
  }

  private static Preset withoutDecay(Preset recipe) {
    Map<String, Object> settings = new LinkedHashMap<>(recipe.settings());
    settings.put("training.optimizer.weight_decay", 0.0);
    return new Preset(recipe.name(), recipe.about(), settings);
  }

  private static Preset recipe(
      String name,
      String dataset,
      String architecture,
      int experts,
      int batch,
      int epochs,
      Augment augment) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("dataset", dataset);
    settings.put("architecture", architecture);
    settings.put("experts", experts);
    settings.put("training.batch", batch);
    settings.put("training.epochs", epochs);
    settings.put("training.augment", augment.json());
    settings.put("training.optimizer.learning_rate", 1e-3);
    return new Preset(
        name,
        "%s, %d experts, batch %d, %d epochs".formatted(dataset, experts, batch, epochs),
        settings);
  }
}
