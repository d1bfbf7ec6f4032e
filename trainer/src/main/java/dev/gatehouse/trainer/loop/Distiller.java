package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.model.Initialisation;
import dev.gatehouse.trainer.model.MixtureModel;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Distils a trained mixture into one whose plain gate needs no expert's answer (arXiv 2302.14703):
 * the experts keep their weights bit for bit, the gate takes over the trained gate's trunk and
 * starts its head afresh, and learns from the mixture's loss and, unless {@code match} is 0, from
 * the teacher's gate probabilities.
 */
public final class Distiller {
  private static final String TRUNK = GateSpec.PREFIX + ".trunk.";

  private final Clock clock;
  private final TrainingListener listener;

  /** A distiller that stamps runs by {@code clock} and reports to {@code listener}. */
  public Distiller(Clock clock, TrainingListener listener) {
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * Distils to the end, measures the student and leaves a complete run folder.
   *
   * @param data the data that the teacher was trained on
   * @return the run folder, {@code config.out()}
   * @throws BadInput when the teacher is not complete, has no gate or was trained on other data,
   *     all before anything is written; when the run folder is there already; or when the loss
   *     stops being a number
   * @throws IOException when the run folder cannot be written
   */
  public RunFolder distill(DistillConfig config, DataSet data) throws IOException {
    RunFolder teacherFolder = RunFolder.open(config.teacher());
    Run teacherRun = teacherFolder.completeRun();
    ModelSpec spec = student(config, teacherRun.model());
    SameData.require(config.teacher(), teacherRun, data);
    Map<String, float[]> teacherValues = Checkpoints.values(teacherFolder, teacherRun.model());
    Run run =
        Runs.started(
            clock.instant(), data, spec, config.serving(), config.training(), teacherRun.id());
    RunFolder folder = RunFolder.create(config.out(), run);
    try (MixtureModel teacher = new MixtureModel(teacherRun.model(), teacherValues, name -> false);
        MixtureModel student =
            new MixtureModel(
                spec,
                initial(spec, teacherValues, config.training().seed()),
                name -> name.startsWith(GateSpec.PREFIX + "."))) {
      Objective objective = new GateObjective(student, teacher, data, config.training());
      new TrainingLoop(student, objective, config.training(), config.serving(), folder, listener)
          .run();
      Runs.complete(folder, student, data);
    }
    return folder;
  }

  private static ModelSpec student(DistillConfig config, ModelSpec teacher) {
    Network network = teacher.gate().network();
    if (network == null) {
      throw new BadInput(
          config.teacher() + ": a single model has no gate to distil; train a mixture first");
    }
    ModelSpec spec =
        new ModelSpec(
            teacher.input(),
            teacher.classes(),
            teacher.experts(),
            teacher.expert(),
            GateKind.SOFTMAX.spec(network));
    spec.servable(config.serving());
    spec.servable(config.training().rule());
    return spec;
  }

  /** The teacher's values wherever the student has the layer, but a fresh head of the gate. */
  private static Map<String, float[]> initial(
      ModelSpec spec, Map<String, float[]> teacher, long seed) {
    Map<String, float[]> values =
        new LinkedHashMap<>(Initialisation.uniform(spec.gateParameters(), seed));
    teacher.forEach(
        (name, value) -> {
          if (name.startsWith(TRUNK) || !name.startsWith(GateSpec.PREFIX + ".")) {
            values.put(name, value);
          }
        });
    return values;
  }
}
