package dev.gatehouse.trainer.cli;

import dev.gatehouse.trainer.config.Architecture;
import dev.gatehouse.trainer.config.Architectures;
import java.util.Iterator;

/** What {@code --architecture} may be. */
final class ArchitectureNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Architectures.all().stream().map(Architecture::name).iterator();
  }
}
