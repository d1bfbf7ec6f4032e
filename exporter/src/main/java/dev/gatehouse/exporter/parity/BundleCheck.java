package dev.gatehouse.exporter.parity;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.Parity;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.network.RoutingRule;
import java.nio.file.Path;

/** Runs a bundle's self-test through both of its forms. */
public final class BundleCheck {
  private BundleCheck() {}

  /**
   * Checks the bundle in a folder: its files, and its graphs against the trained model.
   *
   * @throws BadInput when a file is missing or altered, or a graph is not the trained model
   */
  public static ParityReport check(Path folder) {
    Bundle bundle = Bundle.open(folder);
    String graph = bundle.manifest().graphs().portable();
    Parity portable = graph == null ? null : portable(bundle, graph).require(graph);
    try (MoeModel model = MoeModel.open(folder)) {
      Parity served = model.selfTest().require(served(bundle.manifest()));
      return new ParityReport(portable, isCertified(bundle) ? everyExpert(bundle) : served);
    }
  }

  private static boolean isCertified(Bundle bundle) {
    return bundle.manifest().rule() instanceof RoutingRule.Certified;
  }

  /** Under a certified rule an expert that did not run could hide behind the mass left. */
  private static Parity everyExpert(Bundle bundle) {
    SelfTest test = bundle.selfTest();
    SplitAnswer answer = SplitAnswer.of(bundle, RawRows.of(test.rows()));
    return test.compare(answer.gateProbabilities(), answer.probabilities())
        .require(served(bundle.manifest()));
  }

  private static Parity portable(Bundle bundle, String file) {
    SelfTest test = bundle.selfTest();
    Manifest manifest = bundle.manifest();
    try (PortableModel model = PortableModel.open(bundle.file(file), manifest)) {
      PortableAnswer answer = model.run(RawRows.of(test.rows()));
      answer.requireConsistent(file, manifest);
      return test.compare(answer.gateProbabilities(), answer.probabilities());
    }
  }

  private static String served(Manifest manifest) {
    return manifest.routing() == Manifest.Routing.SPARSE
        ? "the split graphs"
        : "the portable graph in the engine";
  }
}
