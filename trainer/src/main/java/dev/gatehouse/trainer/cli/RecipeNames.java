package dev.gatehouse.trainer.cli;

import dev.gatehouse.trainer.config.Preset;
import dev.gatehouse.trainer.config.Recipes;
import java.util.Iterator;

/** What {@code --recipe} may be. */
final class RecipeNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Recipes.all().stream().map(Preset::name).iterator();
  }
}
