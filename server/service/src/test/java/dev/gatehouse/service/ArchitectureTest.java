package dev.gatehouse.service;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What each package must not know. */
@AnalyzeClasses(
    packages = "dev.gatehouse.service",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String GRPC = "io.grpc..";
  private static final String MICROMETER = "io.micrometer..";
  private static final String JETTY = "org.eclipse.jetty..";
  private static final String ONNX_RUNTIME = "ai.onnxruntime..";

  @ArchTest
  static final ArchRule repositoryKnowsNoGrpc =
      noClasses()
          .that()
          .resideInAPackage("..service.repository..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(GRPC, "dev.gatehouse.proto.v1..", "dev.gatehouse.proto.oip..");

  @ArchTest
  static final ArchRule metricsKnowNoGrpcAndNoRuntime =
      noClasses()
          .that()
          .resideInAPackage("..service.metrics..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(GRPC, ONNX_RUNTIME, "dev.gatehouse.engine.runtime..");

  @ArchTest
  static final ArchRule rpcKnowsNoOnnxRuntimeAndNoMicrometer =
      noClasses()
          .that()
          .resideInAPackage("..service.rpc..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ONNX_RUNTIME, MICROMETER);

  @ArchTest
  static final ArchRule webKnowsNoGrpc =
      noClasses()
          .that()
          .resideInAPackage("..service.web..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(GRPC);

  @ArchTest
  static final ArchRule grpcStaysInRpc =
      noClasses()
          .that()
          .resideOutsideOfPackage("..service.rpc..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(GRPC);

  @ArchTest
  static final ArchRule micrometerStaysInMetrics =
      noClasses()
          .that()
          .resideOutsideOfPackage("..service.metrics..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(MICROMETER);

  @ArchTest
  static final ArchRule jettyStaysInWeb =
      noClasses()
          .that()
          .resideOutsideOfPackage("..service.web..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(JETTY);

  @ArchTest
  static final ArchRule onnxRuntimeIsTheEngines =
      noClasses().should().dependOnClassesThat().resideInAPackage(ONNX_RUNTIME);

  @ArchTest
  static final ArchRule theServerKnowsNeitherTrainerNorExporter =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.gatehouse.trainer..", "dev.gatehouse.exporter..", "ai.djl..");

  @ArchTest
  static final ArchRule packagesFormNoCycle =
      slices().matching("dev.gatehouse.service.(*)..").should().beFreeOfCycles();
}
