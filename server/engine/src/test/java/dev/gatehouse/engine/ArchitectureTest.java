package dev.gatehouse.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.gatehouse.engine",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ENGINE = "dev.gatehouse.engine.";

  @ArchTest
  static final ArchRule TENSOR_IS_A_LEAF =
      noClasses()
          .that()
          .resideInAPackage(ENGINE + "tensor..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ENGINE + "runtime..",
              ENGINE + "gate..",
              ENGINE + "dispatch..",
              ENGINE + "experts..",
              ENGINE + "combine..",
              ENGINE + "schedule..",
              ENGINE + "pipeline..",
              "ai.onnxruntime..");

  @ArchTest
  static final ArchRule ONNX_RUNTIME_IS_BEHIND_ONE_DOOR =
      noClasses()
          .that()
          .resideOutsideOfPackage(ENGINE + "runtime..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule RUNTIME_KNOWS_NO_MIXTURE =
      must("runtime", "gate", "dispatch", "experts", "combine", "pipeline");

  @ArchTest
  static final ArchRule GATE_KNOWS_NEITHER_DISPATCH_NOR_EXPERTS =
      must("gate", "dispatch", "experts", "combine", "pipeline");

  @ArchTest
  static final ArchRule DISPATCH_KNOWS_NEITHER_RUNTIME_NOR_GATE =
      must("dispatch", "runtime", "gate", "experts", "combine", "pipeline");

  @ArchTest
  static final ArchRule EXPERTS_KNOW_NEITHER_GATE_NOR_COMBINE =
      must("experts", "gate", "combine", "pipeline");

  @ArchTest
  static final ArchRule COMBINE_KNOWS_NEITHER_RUNTIME_NOR_GATE =
      must("combine", "runtime", "gate", "experts", "pipeline");

  @ArchTest
  static final ArchRule SCHEDULE_KNOWS_ONLY_WORK =
      must("schedule", "runtime", "tensor", "gate", "dispatch", "experts", "combine", "pipeline");

  @ArchTest
  static final ArchRule THE_ENGINE_HAS_NO_NETWORK_AND_NO_METRICS =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "java.net..", "io.micrometer..", "ai.djl..");

  @ArchTest
  static final ArchRule ONLY_FINAL_OR_ABSTRACT_CLASSES =
      classes()
          .that()
          .areNotInterfaces()
          .and()
          .areNotAnonymousClasses()
          .should()
          .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL);

  /** Classes of one stage do not depend on the others that are named. */
  private static ArchRule must(String stage, String... others) {
    String[] packages = new String[others.length];
    for (int i = 0; i < others.length; i++) {
      packages[i] = ENGINE + others[i] + "..";
    }
    return noClasses()
        .that()
        .resideInAPackage(ENGINE + stage + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages);
  }
}
