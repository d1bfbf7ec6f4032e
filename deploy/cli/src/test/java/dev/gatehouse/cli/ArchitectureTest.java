package dev.gatehouse.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which module may know which: the arrows between modules run one way. */
@AnalyzeClasses(packages = "dev.gatehouse", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String TRAINER = "dev.gatehouse.trainer..";
  private static final String EXPORTER = "dev.gatehouse.exporter..";
  private static final String ENGINE = "dev.gatehouse.engine..";
  private static final String SERVICE = "dev.gatehouse.service..";
  private static final String CLIENT = "dev.gatehouse.client..";
  private static final String CLI = "dev.gatehouse.cli..";

  @ArchTest
  static final ArchRule PROTO_KNOWS_NOBODY =
      module("dev.gatehouse.proto..", TRAINER, EXPORTER, ENGINE, SERVICE, CLIENT, CLI);

  @ArchTest
  static final ArchRule TRAINER_KNOWS_PROTO_ALONE =
      module(TRAINER, EXPORTER, ENGINE, SERVICE, CLIENT, CLI, "io.grpc..", "ai.onnxruntime..");

  @ArchTest
  static final ArchRule ENGINE_KNOWS_PROTO_ALONE =
      module(ENGINE, TRAINER, EXPORTER, SERVICE, CLIENT, CLI, "ai.djl..");

  @ArchTest
  static final ArchRule EXPORTER_KNOWS_PROTO_AND_ENGINE =
      module(EXPORTER, TRAINER, SERVICE, CLIENT, CLI, "ai.djl..");

  @ArchTest
  static final ArchRule SERVICE_KNOWS_PROTO_AND_ENGINE =
      module(SERVICE, TRAINER, EXPORTER, CLIENT, CLI, "ai.djl..", "ai.onnxruntime..");

  @ArchTest
  static final ArchRule CLIENT_KNOWS_PROTO_ALONE =
      module(CLIENT, TRAINER, EXPORTER, ENGINE, SERVICE, CLI);

  @ArchTest
  static final ArchRule COMMANDS_ARE_KNOWN_TO_COMMANDS_ALONE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.gatehouse..cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  private static ArchRule module(String module, String... unknown) {
    return noClasses()
        .that()
        .resideInAPackage(module)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(unknown);
  }
}
