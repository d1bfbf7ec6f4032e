package dev.gatehouse.service.rpc;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.service.repository.Lease;
import dev.gatehouse.service.repository.Repository;

/**
 * Models as the Open Inference Protocol names them: the version is text, empty for the highest.
 *
 * @param repository the models
 */
record NamedModels(Repository repository) {
  /**
   * Borrows a model.
   *
   * @throws BadInput when the version is no whole number
   */
  Lease borrow(String name, String version) {
    return version.isEmpty()
        ? repository.borrow(name)
        : repository.borrow(name, versionNumber(version));
  }

  private static long versionNumber(String version) {
    try {
      return Long.parseLong(version);
    } catch (NumberFormatException e) {
      throw new BadInput("a model's version is a whole number; version='" + version + "'", e);
    }
  }
}
