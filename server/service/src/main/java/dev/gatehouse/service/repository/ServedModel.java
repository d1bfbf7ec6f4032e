package dev.gatehouse.service.repository;

import dev.gatehouse.engine.pipeline.MoeModel;

/**
 * One version of a model that takes traffic.
 *
 * @param name its name
 * @param version its version, 1 or more
 * @param model runs it; owned by the repository, so nobody else closes it
 */
public record ServedModel(String name, int version, MoeModel model) {
  /** {@code NAME/VERSION}. */
  @Override
  public String toString() {
    return name + "/" + version;
  }
}
