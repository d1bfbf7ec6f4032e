package dev.gatehouse.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.gatehouse.bench",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String BENCH = "dev.gatehouse.bench.";

  @ArchTest
  static final ArchRule ONLY_PEERS_KNOW_ONNX_RUNTIME =
      noClasses()
          .that()
          .resideOutsideOfPackage(BENCH + "peer..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule MEASURING_KNOWS_NOTHING_OF_WHAT_IS_MEASURED =
      noClasses()
          .that()
          .resideInAPackage(BENCH + "measure..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              BENCH + "model..",
              BENCH + "peer..",
              BENCH + "engine..",
              BENCH + "scale..",
              BENCH + "train..",
              "dev.gatehouse.engine..");

  /** A process that opens a bundle is to hold the engine and nothing else. */
  @ArchTest
  static final ArchRule ONLY_TRAINING_KNOWS_DJL =
      noClasses()
          .that()
          .resideOutsideOfPackage(BENCH + "train..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");
}
