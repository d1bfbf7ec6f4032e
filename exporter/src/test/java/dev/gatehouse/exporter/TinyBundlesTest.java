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

    assertThat(reports).hasSize(11);
    reports.forEach(
        (name, report) -> {
          // Random weights make the scores of an attentive gate large, and rounding shows there.
          double most = name.equals("tiny-dense") ? 2e-6 : 1e-6;
          assertThat(report.parity().maxAbsDiff()).as(name).isLessThan(most);
        });
  }
}
