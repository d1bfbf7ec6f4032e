package dev.gatehouse.exporter;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.gatehouse.exporter",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String EXPORTER = "dev.gatehouse.exporter.";

  @ArchTest
  static final ArchRule ONNX_IS_WRITTEN_AND_READ_BEHIND_ONE_DOOR_EACH =
      noClasses()
          .that()
          .resideOutsideOfPackages(EXPORTER + "graph..", EXPORTER + "onnx..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnx.proto..");

  @ArchTest
  static final ArchRule GRAPH_KNOWS_NEITHER_MIXTURES_NOR_FILES =
      noClasses()
          .that()
          .resideInAPackage(EXPORTER + "graph..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.gatehouse.proto..", EXPORTER + "lower..", "java.nio.file..");

  @ArchTest
  static final ArchRule ONNX_FILES_KNOW_NEITHER_MIXTURES_NOR_PATHS =
      noClasses()
          .that()
          .resideInAPackage(EXPORTER + "onnx..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.gatehouse.proto.bundle..",
              "dev.gatehouse.proto.network..",
              "dev.gatehouse.proto.run..",
              "dev.gatehouse.engine..",
              EXPORTER + "lower..",
              EXPORTER + "parity..",
              "java.nio.file..",
              "java.io..");

  @ArchTest
  static final ArchRule LOWERING_KNOWS_NO_PATHS =
      noClasses()
          .that()
          .resideInAPackage(EXPORTER + "lower..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.file..", "java.io..", EXPORTER + "parity..");

  @ArchTest
  static final ArchRule PARITY_KNOWS_NO_NODES =
      noClasses()
          .that()
          .resideInAPackage(EXPORTER + "parity..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(EXPORTER + "graph..", EXPORTER + "lower..");

  @ArchTest
  static final ArchRule THE_EXPORTER_NEEDS_NEITHER_DJL_NOR_ONNX_RUNTIME_ITSELF =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.djl..", "ai.onnxruntime..", "io.grpc..");
}
