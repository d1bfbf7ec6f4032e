package dev.gatehouse.exporter.parity;

import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.run.Run;

/**
 * What a portable graph takes and gives.
 *
 * @param input its input
 * @param classes number of classes, C
 * @param experts number of experts, M
 * @param k experts that it names a row
 */
public record PortableSignature(InputSpec input, int classes, int experts, int k) {
  /** That of a bundle's graph. */
  static PortableSignature of(Manifest manifest) {
    return new PortableSignature(
        manifest.input(),
        manifest.classes().size(),
        manifest.experts(),
        manifest.rule().inOneGraph().k());
  }

  /** That of a graph made of a run. */
  public static PortableSignature of(Run run) {
    return new PortableSignature(
        run.model().input(),
        run.model().classes().size(),
        run.model().experts(),
        run.serving().inOneGraph().k());
  }
}
