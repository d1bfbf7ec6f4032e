package dev.gatehouse.trainer.loop;

import ai.djl.Device;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.run.Distillation;
import dev.gatehouse.proto.run.Distillation.GateStart;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.array.Devices;
import dev.gatehouse.trainer.config.Architectures;
import dev.gatehouse.trainer.config.ConfigFile;
import dev.gatehouse.trainer.config.DataRef;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.model.Initialisation;
import dev.gatehouse.trainer.model.MixtureModel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Distils a trained mixture into one whose plain gate needs no expert's answer (arXiv 2302.14703):
 * the experts keep their weights bit for bit, the gate takes over the trained gate's trunk, unless
 * it is to start afresh, and starts its head afresh, and learns from the mixture's loss and, unless
 * {@code match} is 0, from the teacher's gate probabilities. A mixture without a gate gets a fresh
 * one; after the gate's share of the epochs the experts train too.
 */
public final class Distiller {
  private static final String TRUNK = GateSpec.PREFIX + ".trunk.";

  private final Clock clock;
  private final TrainingListener listener;
  private final Stop stop;
  private final Device device;

  /** A distiller that stamps runs by {@code clock} and reports to {@code listener}. */
  public Distiller(Clock clock, TrainingListener listener) {
    this(clock, listener, Stop.NEVER);
  }

  /** A distiller that also asks {@code stop} after each step whether to end there. */
  public Distiller(Clock clock, TrainingListener listener, Stop stop) {
    this(clock, listener, stop, Devices.preferred());
  }

  /** A distiller that works on {@code device}. */
  public Distiller(Clock clock, TrainingListener listener, Stop stop, Device device) {
    this.clock = clock;
    this.listener = listener;
    this.stop = stop;
    this.device = device;
  }

  /**
   * Distils to the end, measures the student and leaves a complete run folder.
   *
   * @param data the data that the teacher was trained on
   * @param out the run folder to be made
   * @return the run folder
   * @throws BadInput when the teacher is not complete, has no gate or was trained on other data,
   *     when a batch does not fit the student, or the run whose features L_s compares cannot be
   *     used, all before anything is written; when the run folder is there already; or when the
   *     loss stops being a number
   * @throws Stopped when {@code stop} asked for it; {@link #resume} goes on
   * @throws IOException when the run folder cannot be written
   */
  public RunFolder distill(DistillConfig config, DataSet data, Path out) throws IOException {
    Teacher teacher = Teacher.of(Path.of(config.teacher()), data);
    ModelSpec spec = student(config, teacher.run().model());
    Regularisation.require(config.training(), data);
    Augmentation.require(config.training().augment(), data.input().shape());
    Batches.require(
        data.train().size(),
        config.training().batch(),
        spec,
        gateEpochs(config.training()) < config.training().epochs()
            ? name -> true
            : Distiller::isGates);
    Training training = DistanceRun.absolute(config.training());
    Run run =
        Runs.started(
            clock.instant(), data, spec, config.serving(), training, teacher.run().id(), device);
    RunFolder folder = RunFolder.create(out, run);
    folder.writeConfiguration(ConfigFile.text(config.absolute().training(training)));
    SavedData.write(folder, data(config));
    if (teacher.givesTrunk(training)) {
      new TrunkWatch(listener).look(spec, teacher.start(run), data, device);
    }
    return go(folder, run, teacher, data);
  }

  /**
   * Goes on with a distillation that was stopped or killed, and ends with the bits of one that
   * never was.
   *
   * @param folder a distillation that is not complete
   * @param teacherFolder the run folder of its teacher
   * @throws BadInput when the run is complete, has another teacher, or was trained on other data
   */
  public RunFolder resume(RunFolder folder, Path teacherFolder, DataSet data) throws IOException {
    Run run = Runs.unfinished(folder, data);
    Teacher teacher = Teacher.of(teacherFolder, data);
    if (!teacher.run().id().equals(run.teacher())) {
      throw new BadInput(
          "%s: is distilled from run %s; %s is run %s"
              .formatted(folder.path(), run.teacher(), teacherFolder, teacher.run().id()));
    }
    return go(folder, run, teacher, data);
  }

  private RunFolder go(RunFolder folder, Run run, Teacher teacher, DataSet data)
      throws IOException {
    Training training = run.training();
    Distillation numbers = Objects.requireNonNull(training.distillation());
    int gateEpochs = gateEpochs(training);
    try (MixtureModel model = teacher.open(device)) {
      List<Phase> phases = new ArrayList<>();
      phases.add(
          new Phase(
              gateEpochs,
              Distiller::isGates,
              student ->
                  new GateObjective(
                      student,
                      model,
                      data,
                      training,
                      numbers.match(),
                      Regularisation.of(student.manager(), data, training))));
      if (gateEpochs < training.epochs()) {
        phases.add(
            new Phase(
                training.epochs(),
                name -> true,
                student ->
                    new LabelObjective(
                        student,
                        data,
                        training,
                        Regularisation.of(student.manager(), data, training))));
      }
      new Course(folder, data, listener, stop, device).run(teacher.start(run), phases);
    }
    return folder;
  }

  private static boolean isGates(String parameter) {
    return parameter.startsWith(GateSpec.PREFIX + ".");
  }

  /** Number of epochs in which the gate trains alone. */
  private static int gateEpochs(Training training) {
    double share = Objects.requireNonNull(training.distillation()).gateShare();
    return (int) Math.round(share * training.epochs());
  }

  /**
   * Where the data of a distillation are: where its teacher's are, or where the configuration says
   * that these lie now.
   */
  public static DataRef data(DistillConfig config) {
    DataRef known = SavedData.of(RunFolder.open(Path.of(config.teacher())));
    return config.dataDir() == null ? known : known.in(Path.of(config.dataDir()));
  }

  private static ModelSpec student(DistillConfig config, ModelSpec teacher) {
    if (teacher.gate() instanceof GateSpec.None) {
      throw new BadInput(
          config.teacher() + ": a single model has no gate to distil; train a mixture first");
    }
    Network own = teacher.gate().network();
    Network network =
        own == null ? Architectures.named(config.architecture()).networks().gate() : own;
    ModelSpec spec =
        new ModelSpec(
            teacher.input(),
            teacher.classes(),
            teacher.experts(),
            teacher.expert(),
            config.gate().spec(network, config.training().temperature().last()));
    spec.servable(config.serving());
    spec.servable(config.training().rule());
    return spec;
  }

  /**
   * A trained mixture.
   *
   * @param run its description
   * @param weights row-major, by name
   */
  private record Teacher(Run run, Map<String, float[]> weights) {
    static Teacher of(Path path, DataSet data) {
      RunFolder folder = RunFolder.open(path);
      Run run = folder.completeRun();
      SameData.require(path, run, data);
      return new Teacher(run, Weights.read(folder, run.model()));
    }

    MixtureModel open(Device device) {
      return new MixtureModel(run.model(), weights, name -> false, device);
    }

    /** True when a student's gate starts with the trunk of this one's. */
    boolean givesTrunk(Training training) {
      return run.model().gate().network() != null
          && Objects.requireNonNull(training.distillation()).gateStart() == GateStart.TEACHER;
    }

    /** A student's first values: these wherever it has the layer, but a fresh head of the gate. */
    Map<String, float[]> start(Run student) {
      Training training = student.training();
      Map<String, float[]> values =
          new LinkedHashMap<>(Initialisation.of(student.model().gateParameters(), training.seed()));
      boolean trunk = givesTrunk(training);
      weights.forEach(
          (name, value) -> {
            if ((trunk && name.startsWith(TRUNK)) || !isGates(name)) {
              values.put(name, value);
            }
          });
      return values;
    }
  }
}
