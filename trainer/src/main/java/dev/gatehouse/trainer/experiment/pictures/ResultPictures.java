package dev.gatehouse.trainer.experiment.pictures;

import dev.gatehouse.trainer.experiment.ResultTable;
import java.util.LinkedHashMap;
import java.util.Map;

/** The pictures that stand beside the tables of an experiment. */
public final class ResultPictures {
  private ResultPictures() {}

  /** Each picture's text, SVG, by the name of its file. */
  public static Map<String, String> of(ResultTable table) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("accuracy.svg", AccuracyDots.of(table).svg());
    files.put("usage-and-entropy.svg", EntropyDots.of(table).svg());
    files.put("gate-entropy.svg", GateEntropyLines.of(table).svg());
    files.put("heat-maps.svg", ExpertHeatMaps.of(table).svg());
    return files;
  }
}
