package dev.gatehouse.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exporter.reference.TinyBundles;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TinyBundlesTest {
  @Test
  void shouldAgreeWithTheReferenceInEveryGateKind(@TempDir Path models) throws Exception {
    var reports = TinyBundles.write(models);

    assertThat(reports).hasSize(7);
    reports.forEach(
        (name, report) -> {
          assertThat(report.parity().maxAbsDiff()).as(name).isLessThan(1e-6);
        });
  }
}
