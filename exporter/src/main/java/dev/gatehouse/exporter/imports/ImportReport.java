package dev.gatehouse.exporter.imports;

import dev.gatehouse.exporter.parity.ParityReport;
import dev.gatehouse.proto.bundle.Bundle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an import made.
 *
 * @param bundle the bundle
 * @param parity how far its graphs are from the files that were handed in
 * @param sharedBytes length of its graphs that lie on the disk once, together with those of other
 *     versions
 * @param notes what was found out of each file and done about it, a line each
 * @param withoutPortable why there is no portable graph; null where there is one
 */
public record ImportReport(
    Bundle bundle,
    ParityReport parity,
    long sharedBytes,
    List<String> notes,
    @Nullable String withoutPortable) {
  /** Copies the list. */
  public ImportReport {
    notes = List.copyOf(notes);
  }
}
