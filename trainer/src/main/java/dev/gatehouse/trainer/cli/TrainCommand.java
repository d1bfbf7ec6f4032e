package dev.gatehouse.trainer.cli;

import ai.djl.Device;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.config.ConfigFile;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.Resolution;
import dev.gatehouse.trainer.config.Settings;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.loop.SavedData;
import dev.gatehouse.trainer.loop.Trainer;
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
import picocli.CommandLine.Spec;

/** {@code train}: a mixture from labels. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a mixture of experts and leaves a run folder.",
      "",
      "What is not given comes from --config, then --recipe, then --method, then the defaults."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse train --out runs/strokes",
      "  gatehouse train --dataset mnist --out runs/mnist",
      "  gatehouse train --dataset ./photos --image-size 32x32 --gate softmax --out runs/photos",
      "  gatehouse train --dataset flowers.csv --label species --gate softmax --out runs/flowers",
      "  gatehouse train --recipe paper-mnist --method attentive --data-dir data --out runs/paper",
      "  gatehouse train --gate softmax --rule top-2 --experts 10 --importance 0.5 --out runs/top2",
      "  gatehouse train --config mine.yaml --learning-rate 'cosine 3e-3..1e-5' --out runs/mine",
      "  gatehouse train --config mine.yaml --dry-run",
      "  gatehouse train --resume runs/mine"
    })
public final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec command = CommandSpec.create();
  @Mixin private Output output = new Output();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private DeviceOptions device = new DeviceOptions();
  @Mixin private ReadingOptions reading = new ReadingOptions();
  @Mixin private LoopOptions loop = new LoopOptions();
  @Mixin private RegularizerOptions regularizers = new RegularizerOptions();

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
            "Go on with a run that was stopped or killed, exactly where it was; beside it only"
                + " --data-dir, --device and --json.")
    private @Nullable Path resume;

    @Option(
        names = "--dry-run",
        description =
            "Print shapes, parameters, multiply-adds, memory, and time by a few steps, and leave nothing.")
    private boolean dryRun;
  }

  @Option(names = "--config", paramLabel = "FILE", description = "Configuration in YAML.")
  private @Nullable Path config;

  @Option(
      names = "--recipe",
      paramLabel = "RECIPE",
      completionCandidates = RecipeNames.class,
      description = "The authors' numbers for a data set: ${COMPLETION-CANDIDATES}.")
  private @Nullable String recipe;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      completionCandidates = MethodNames.class,
      description = "A method of the paper: ${COMPLETION-CANDIDATES}.")
  private @Nullable String method;

  @Option(
      names = "--dataset",
      paramLabel = "DATA",
      description =
          "The data: strokes (the default, embedded); mnist, fashion-mnist, cifar-10 or cifar-100,"
              + " downloaded unless --data-dir says where they lie; or your own, ./FOLDER of images"
              + " with a subfolder a class, TABLE.csv, ROWS.npy,LABELS.npy or BOTH.npz.")
  private @Nullable String dataset;

  @Option(
      names = "--architecture",
      paramLabel = "ARCHITECTURE",
      completionCandidates = ArchitectureNames.class,
      description = "Networks of experts and gate: ${COMPLETION-CANDIDATES}; default small.")
  private @Nullable String architecture;

  @Option(names = "--experts", paramLabel = "M", description = "Number of experts; default 5.")
  private @Nullable Integer experts;

  @Option(
      names = "--gate",
      paramLabel = "KIND",
      description = "${COMPLETION-CANDIDATES}; default attentive.")
  private @Nullable GateKind gate;

  @Option(
      names = "--serve",
      paramLabel = "RULE",
      converter = RuleConverter.class,
      description =
          "The rule to be served: dense, top-K or certified (experts until the class is certain);"
              + " default as it is trained, and top-1 for a softmax gate that is trained dense.")
  private @Nullable RoutingRule serving;

  @Option(
      names = "--serve-temperature",
      paramLabel = "T",
      description = "Divides the gate's logits once it is served; default the last --temperature.")
  private @Nullable Double servingTemperature;

  @Option(
      names = "--mixture-softmax",
      description = "One more softmax over the mixture's output while it trains (authors' code).")
  private @Nullable Boolean mixtureSoftmax;

  @Override
  public Integer call() throws IOException {
    if (target.resume != null) {
      ResumeFlags.require(command);
      return resume(RunFolder.open(target.resume));
    }
    TrainConfig resolved = Resolution.train(settings());
    Device on = device.device();
    if (target.dryRun) {
      DryRun.print(resolved, data.load(resolved.data(), output), on, output);
      return ExitCode.OK;
    }
    Path out = Objects.requireNonNull(target.out, "picocli asks for one of the group");
    RunFolder.requireFree(out);
    DataSet rows = data.load(resolved.data(), output);
    return Reporting.run(
        "train",
        output,
        rows,
        (listener, stop) ->
            new Trainer(Clock.systemUTC(), listener, stop, on).train(resolved, rows, out));
  }

  private int resume(RunFolder folder) throws IOException {
    Device on = device.deviceOf(folder);
    DataSet rows = data.load(SavedData.of(folder), output);
    return Reporting.run(
        "train",
        output,
        rows,
        (listener, stop) ->
            new Trainer(Clock.systemUTC(), listener, stop, on).resume(folder, rows));
  }

  private Settings settings() {
    Settings file = config == null ? Settings.none() : ConfigFile.read(config);
    Given own =
        new Given(file)
            .put("recipe", recipe)
            .put("method", method)
            .put("dataset", dataset)
            .put("data_dir", data.text())
            .put("architecture", architecture)
            .put("experts", experts)
            .put("gate", gate == null ? null : gate.toString())
            .put("serving", serving)
            .put("serving_temperature", servingTemperature)
            .put("training.mixture_softmax", mixtureSoftmax);
    return regularizers.over(loop.over(reading.over(own).settings()));
  }
}
