package dev.gatehouse.trainer.cli;

import ai.djl.Device;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Distillation;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.config.ConfigFile;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.Resolution;
import dev.gatehouse.trainer.config.Settings;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.loop.Distiller;
import dev.gatehouse.trainer.loop.SavedData;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code distill}: a trained mixture into one that is served sparsely. */
@Command(
    name = "distill",
    mixinStandardHelpOptions = true,
    description = {
      "Distils a trained mixture into one with a plain gate, which chooses experts before any ran.",
      "The experts keep their weights, unless --gate-share leaves epochs to train them too."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse distill runs/strokes --out runs/strokes-plain",
      "  gatehouse distill runs/mnist --data-dir data/mnist --serve top-2 --out runs/mnist-top2",
      "  gatehouse distill runs/mnist --data-dir data/mnist --match 0 --out runs/by-labels",
      "  gatehouse distill runs/no-gate --gate-share 0.5 --match 0 --out runs/plain",
      "  gatehouse distill --resume runs/plain"
    })
public final class DistillCommand implements Callable<Integer> {
  @Spec private CommandSpec command = CommandSpec.create();
  @Mixin private Output output = new Output();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private DeviceOptions device = new DeviceOptions();
  @Mixin private LoopOptions loop = new LoopOptions();

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "Run folder of the trained mixture.")
  private @Nullable Path teacher;

  @Option(names = "--config", paramLabel = "FILE", description = "Configuration in YAML.")
  private @Nullable Path config;

  @Option(
      names = "--gate",
      paramLabel = "KIND",
      description = "The student's gate: softmax (the default) or noisy.")
  private @Nullable GateKind gate;

  @Option(
      names = "--architecture",
      paramLabel = "ARCHITECTURE",
      completionCandidates = ArchitectureNames.class,
      description =
          "The gate's network where the teacher has none: ${COMPLETION-CANDIDATES}; default small.")
  private @Nullable String architecture;

  @Option(
      names = "--serve",
      paramLabel = "RULE",
      converter = RuleConverter.class,
      description =
          "The rule to be served: dense, top-K or certified (experts until the class is certain);"
              + " default as it is trained, else top-1.")
  private @Nullable RoutingRule serving;

  @Option(
      names = "--match",
      paramLabel = "W",
      description =
          "Weight of the teacher's gate probabilities beside the labels, while the gate trains alone;"
              + " default 1, the paper's 0.")
  private @Nullable Double match;

  @Option(
      names = "--gate-share",
      paramLabel = "X",
      description =
          "Share of the epochs in which the gate trains alone; default 1. The experts train too in"
              + " the rest; the paper's mixtures without a gate take 0.5.")
  private @Nullable Double gateShare;

  @Option(
      names = "--gate-start",
      paramLabel = "START",
      description =
          "What the student's gate starts from, all but its last layer: ${COMPLETION-CANDIDATES};"
              + " default teacher, as in the paper; a warning says where that will not do.")
  private Distillation.@Nullable GateStart gateStart;

  @ArgGroup(multiplicity = "1")
  private Target target = new Target();

  /** Where the run goes. */
  private static final class Target {
    @Option(names = "--out", paramLabel = "RUN", description = "The run folder to make.")
    private @Nullable Path out;

    @Option(
        names = "--resume",
        paramLabel = "RUN",
        description =
            "Go on with a run that was stopped or killed, exactly where it was; beside it only the"
                + " teacher's RUN, --data-dir, --device and --json.")
    private @Nullable Path resume;
  }

  @Override
  public Integer call() throws IOException {
    if (target.resume == null) {
      return distill();
    }
    ResumeFlags.require(command);
    return resume(RunFolder.open(target.resume));
  }

  private int distill() throws IOException {
    Path out = Objects.requireNonNull(target.out, "picocli asks for one of the group");
    Settings given = settings();
    Device on = device.device();
    Path from = Path.of(Resolution.distill(given).teacher());
    Run trained = RunFolder.open(from).completeRun();
    DistillConfig resolved = Resolution.distill(given, trained.model().input());
    RunFolder.requireFree(out);
    DataSet rows = data.load(Distiller.data(resolved), output);
    return Reporting.run(
        "distil",
        output,
        rows,
        (listener, stop) ->
            new Distiller(Clock.systemUTC(), listener, stop, on).distill(resolved, rows, out));
  }

  private int resume(RunFolder folder) throws IOException {
    if (folder.run().teacher() == null) {
      throw new BadInput(
          folder.path()
              + ": is no distillation; go on with: gatehouse train --resume "
              + folder.path());
    }
    Device on = device.deviceOf(folder);
    DistillConfig resolved = Resolution.distill(ConfigFile.read(folder.configuration()));
    Path from = teacher == null ? Path.of(resolved.teacher()) : teacher;
    DataSet rows = data.load(SavedData.of(folder), output);
    return Reporting.run(
        "distil",
        output,
        rows,
        (listener, stop) ->
            new Distiller(Clock.systemUTC(), listener, stop, on).resume(folder, from, rows));
  }

  private Settings settings() {
    if (teacher == null && config == null) {
      throw new BadInput("name the run folder of the trained mixture, as in: distill runs/mnist");
    }
    Settings file = config == null ? Settings.none() : ConfigFile.read(config);
    return loop.over(
        new Given(file)
            .put("teacher", teacher == null ? null : teacher.toString())
            .put("data_dir", data.text())
            .put("architecture", architecture)
            .put("gate", gate == null ? null : gate.toString())
            .put("serving", serving)
            .put("training.distillation.match", match)
            .put("training.distillation.gate_share", gateShare)
            .put("training.distillation.gate_start", gateStart)
            .settings());
  }
}
