package dev.gatehouse.trainer.experiment;

import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.file.Sha256;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.Resolution;
import dev.gatehouse.trainer.config.Settings;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One run of an experiment.
 *
 * @param row it belongs to
 * @param point of the row's grid, a student's behind its teacher's
 * @param seed of its training
 * @param settings all that the file says of it, by dotted path, in the order of the alphabet
 * @param teacher the run that it distils; null for one that trains from labels
 */
public record Cell(
    Row row, Point point, long seed, Map<String, Object> settings, @Nullable Cell teacher) {
  private static final String SEED = "training.seed";
  private static final String METHOD = "method";

  static Cell trained(Plan plan, Row row, Point point, long seed) {
    Map<String, Object> settings = new TreeMap<>(plan.training());
    if (row.method() != null) {
      settings.put(METHOD, row.method());
    }
    return new Cell(row, point, seed, over(settings, row, point, seed), null);
  }

  static Cell distilled(Plan plan, Row row, Point own, Cell teacher) {
    Map<String, Object> settings = new TreeMap<>(plan.distillation());
    return new Cell(
        row,
        own.behind(teacher.point()),
        teacher.seed(),
        over(settings, row, own, teacher.seed()),
        teacher);
  }

  private static Map<String, Object> over(
      Map<String, Object> settings, Row row, Point point, long seed) {
    settings.putAll(row.settings());
    settings.putAll(point.values());
    settings.put(SEED, seed);
    return settings;
  }

  /** Names it for people, and its folder. */
  public String id() {
    String at = point.toString().replace(' ', ',');
    return row.name() + (at.isEmpty() ? "" : "/" + at) + "/seed-" + seed;
  }

  /**
   * Tells apart runs of different settings: the sha256 of all that the file says of this one and of
   * its teacher.
   */
  String fingerprint() {
    String own = Json.line(settings);
    String all = teacher == null ? own : own + "\n" + teacher.fingerprint();
    return Sha256.of(all.getBytes(StandardCharsets.UTF_8));
  }

  /** The settings as a configuration's layer. */
  Settings layer() {
    Settings layer = Settings.none();
    for (Map.Entry<String, Object> entry : settings.entrySet()) {
      layer = layer.with(entry.getKey(), entry.getValue());
    }
    return layer;
  }

  /**
   * The loop's numbers.
   *
   * @throws dev.gatehouse.proto.BadInput when the file says what a training does not have
   */
  public Training training() {
    return teacher == null
        ? Resolution.train(layer()).training()
        : Resolution.distill(layer().with("teacher", "teacher")).training();
  }

  /** What chooses its experts. */
  public GateKind gate() {
    return teacher == null
        ? Resolution.train(layer()).gate()
        : Resolution.distill(layer().with("teacher", "teacher")).gate();
  }

  /** Which of the measured figures are its own. */
  public View view() {
    return row.view() == null ? View.of(training()) : row.view();
  }
}
