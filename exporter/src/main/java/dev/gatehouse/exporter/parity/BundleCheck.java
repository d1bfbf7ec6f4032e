package dev.gatehouse.exporter.parity;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.Parity;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.network.RoutingRule;
import java.nio.file.Path;

/**
 * Runs a bundle's self-test through both of its forms, and those experts that it leaves out on
 * their own.
 */
public final class BundleCheck {
  private BundleCheck() {}

  /**
   * Checks the bundle in a folder: its files, and its graphs against the trained model.
   *
   * @throws BadInput when a file is missing or altered, a graph is not the trained model, or an
   *     expert that no row chooses gives no probabilities
   */
  public static ParityReport check(Path folder) {
    return check(Bundle.open(folder));
  }

  /**
   * Checks a bundle that was opened, and its files with it.
   *
   * @throws BadInput as {@link #check(Path)}
   */
  public static ParityReport check(Bundle bundle) {
    String graph = bundle.manifest().graphs().portable();
    Parity portable = graph == null ? null : portable(bundle, graph).require(graph);
    Parity served;
    try (MoeModel model = MoeModel.open(bundle.path())) {
      served = model.selfTest().require(served(bundle.manifest()));
    }
    if (bundle.manifest().rule() instanceof RoutingRule.Certified) {
      served = everyExpert(bundle);
    } else {
      UnchosenExperts.require(bundle);
    }
    return new ParityReport(portable, served);
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
