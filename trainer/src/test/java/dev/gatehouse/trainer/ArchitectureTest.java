package dev.gatehouse.trainer;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.gatehouse.trainer.model.MixtureModel;

@AnalyzeClasses(
    packages = "dev.gatehouse.trainer",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "dev.gatehouse.trainer.";
  private static final String DOWNLOAD = ROOT + "data.download..";

  @ArchTest
  static final ArchRule CONFIG_KNOWS_NO_OTHER_PACKAGE =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "config..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROOT + "data..",
              ROOT + "model..",
              ROOT + "loss..",
              ROOT + "loop..",
              ROOT + "evaluation..",
              ROOT + "cli..",
              "ai.djl..");

  @ArchTest
  static final ArchRule MODEL_KNOWS_NO_FILES_OR_OPTIMISER =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.io..",
              "java.nio.file..",
              "dev.gatehouse.proto.file..",
              "dev.gatehouse.proto.run..",
              "ai.djl.training.optimizer..",
              ROOT + "loop..");

  @ArchTest
  static final ArchRule LOSS_KNOWS_NO_MODEL =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "loss..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "model..");

  @ArchTest
  static final ArchRule NUMBERS_OF_A_PRODUCT_OUTLIVE_IT =
      noClasses()
          .should()
          .callMethod(NDArray.class, "mul", Number.class)
          .orShould()
          .callMethod(NDArray.class, "div", Number.class)
          .orShould()
          .callMethod(NDArray.class, "pow", Number.class)
          .because("the engine reads the number again for the gradient: see Scaled");

  @ArchTest
  static final ArchRule ARRAYS_LIE_WHERE_THEIR_MODEL_LIES =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(MixtureModel.class.getName())
          // It asks how the CPU counts.
          .and()
          .haveNameNotMatching(".*\\.Convolution\\$Here")
          .should()
          .callMethod(NDManager.class, "newBaseManager")
          .orShould()
          .callMethod(NDManager.class, "newBaseManager", Device.class)
          .because("a base manager of one's own is not on the device that was asked for");

  @ArchTest
  static final ArchRule LOOP_KNOWS_NO_ONNX_OR_GRPC =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "loop..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.onnxruntime..", "onnx..", "io.grpc..");

  @ArchTest
  static final ArchRule HTTP_IS_KNOWN_TO_DOWNLOADS_ALONE =
      noClasses()
          .that()
          .resideOutsideOfPackage(DOWNLOAD)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net.http..");

  @ArchTest
  static final ArchRule DOWNLOADS_KNOW_NOTHING_OF_WHAT_FILES_HOLD =
      noClasses()
          .that()
          .resideInAPackage(DOWNLOAD)
          .should()
          .dependOnClassesThat(resideInAPackage(ROOT + ".").and(resideOutsideOfPackage(DOWNLOAD)));

  @ArchTest
  static final ArchRule EVALUATION_KNOWS_NO_LOOP =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "evaluation..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "loop..");

  @ArchTest
  static final ArchRule REPORT_KNOWS_PLAIN_RECORDS_ALONE =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "report..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "ai.djl..",
              "java.nio.file..",
              ROOT + "config..",
              ROOT + "data..",
              ROOT + "model..",
              ROOT + "loss..",
              ROOT + "loop..",
              ROOT + "evaluation..",
              ROOT + "experiment..");

  @ArchTest
  static final ArchRule EXPERIMENT_KNOWS_NO_PICTURES =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "experiment")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "experiment.pictures..", ROOT + "report..");

  @ArchTest
  static final ArchRule COMMANDS_ARE_KNOWN_TO_NO_ONE =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "cli..");
}
