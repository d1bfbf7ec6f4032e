package dev.gatehouse.trainer.cli;

import dev.gatehouse.trainer.config.Methods;
import dev.gatehouse.trainer.config.Preset;
import java.util.Iterator;

/** What {@code --method} may be. */
final class MethodNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Methods.all().stream().map(Preset::name).iterator();
  }
}
