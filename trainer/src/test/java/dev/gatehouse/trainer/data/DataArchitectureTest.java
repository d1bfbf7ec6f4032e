package dev.gatehouse.trainer.data;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What data must not know. */
@AnalyzeClasses(packages = "dev.gatehouse.trainer", importOptions = DoNotIncludeTests.class)
class DataArchitectureTest {
  @ArchTest
  static final ArchRule dataKnowsNeitherModelNorLoss =
      noClasses()
          .that()
          .resideInAPackage("..trainer.data..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..trainer.model..", "..trainer.loss..", "ai.djl..");

  @ArchTest
  static final ArchRule drawingKnowsNoDataSets =
      noClasses()
          .that()
          .resideInAPackage("..trainer.data.strokes..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.gatehouse.trainer.data");
}
