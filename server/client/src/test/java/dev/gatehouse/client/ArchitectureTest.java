package dev.gatehouse.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the client must not know. */
@AnalyzeClasses(
    packages = "dev.gatehouse.client",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule theClientKnowsTheWireAlone =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.gatehouse.engine..",
              "dev.gatehouse.service..",
              "dev.gatehouse.trainer..",
              "dev.gatehouse.exporter..",
              "ai.onnxruntime..");

  @ArchTest
  static final ArchRule theCommandKnowsNoGrpc =
      noClasses()
          .that()
          .resideInAPackage("..client.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.grpc..");
}
