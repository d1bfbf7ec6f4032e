package dev.gatehouse.exporter;

import dev.gatehouse.exporter.parity.ParityReport;
import dev.gatehouse.proto.bundle.Bundle;

/**
 * What an export made.
 *
 * @param bundle the bundle
 * @param parity how far its graphs are from the trained model
 * @param sharedBytes length of its graphs that lie on the disk once, together with those of other
 *     versions
 */
public record ExportReport(Bundle bundle, ParityReport parity, long sharedBytes) {}
