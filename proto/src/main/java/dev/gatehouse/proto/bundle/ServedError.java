package dev.gatehouse.proto.bundle;

import dev.gatehouse.proto.run.Run;
import java.util.Optional;

/**
 * How often a bundle is wrong as it is served, with its weights as they are stored.
 *
 * @param rows test rows that it was measured on; of rounded weights the self-test's, which are some
 *     of them, where the others were not at hand
 * @param share share of them that it gets wrong
 */
public record ServedError(long rows, double share) {
  /** What a manifest says of it; empty of an imported model. */
  public static Optional<ServedError> of(Manifest manifest) {
    Precision.Measured rounded = manifest.precision().measured();
    if (rounded != null) {
      return Optional.of(new ServedError(rounded.rows(), rounded.error()));
    }
    Run.Results results = manifest.results();
    return results == null
        ? Optional.empty()
        : Optional.of(new ServedError(results.test().rows(), results.test().servedError()));
  }
}
