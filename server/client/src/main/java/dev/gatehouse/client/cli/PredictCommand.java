package dev.gatehouse.client.cli;

import dev.gatehouse.client.GatehouseClient;
import dev.gatehouse.client.ModelDescription;
import dev.gatehouse.client.Query;
import dev.gatehouse.client.Target;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.cli.Progress;
import dev.gatehouse.proto.file.Csv;
import dev.gatehouse.proto.v1.PredictResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends a user's own rows to a server and prints its answers. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = {
      "Sends images, or the rows of a table, to a server; prints class, probability and experts of"
          + " each.",
      "",
      "Images are brought to the model's size and channels. A table is a CSV file that names the"
          + " columns that the model was trained with in its first line; other columns are passed"
          + " over."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse predict seven.png",
      "  gatehouse predict --target 127.0.0.1:9090 --model mnist --routing images/*.png",
      "  gatehouse predict --json flowers.csv",
      "  printf 'petal,colour\\n1.4,white\\n' | gatehouse predict -"
    })
public final class PredictCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  @Mixin private Output output = new Output();

  @Option(
      names = "--target",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9090",
      description = "Where the server's gRPC port is; ${DEFAULT-VALUE} if not given.")
  private String target = "";

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Name of the model; needed where the server holds several.")
  private String model = "";

  @Option(
      names = "--model-version",
      paramLabel = "N",
      defaultValue = "0",
      description = "Version of the model; the highest if not given.")
  private int modelVersion;

  @Option(names = "--routing", description = "Also print the gate's probability of each expert.")
  private boolean routing;

  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long a request may take; ${DEFAULT-VALUE} if not given.")
  private int deadlineSeconds;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "PNG or JPEG files, or one CSV file; - for a CSV file on standard input.")
  private List<String> files = List.of();

  @Override
  public Integer call() {
    files.forEach(PredictCommand::requireThere);
    try (GatehouseClient client =
        GatehouseClient.connect(Target.parse(target), Duration.ofSeconds(deadlineSeconds))) {
      ModelDescription asked = client.describe(new Query(model, modelVersion, true));
      List<Answer> answers = answers(client, asked, batches(asked));
      answers.forEach(answer -> output.text(answer.line()));
      output.result(new Answers(asked.model(), asked.version(), answers));
    }
    return ExitCode.OK;
  }

  private List<Answer> answers(
      GatehouseClient client, ModelDescription asked, List<RowBatch> batches) {
    // The version that was described, should another one come in between.
    Query query = new Query(asked.model(), asked.version(), true);
    List<Answer> answers = new ArrayList<>();
    int rows = batches.stream().mapToInt(batch -> batch.names().size()).sum();
    try (Progress progress = Progress.start("predict", rows)) {
      for (RowBatch batch : batches) {
        PredictResponse response = batch.ask(client, query);
        for (int i = 0; i < batch.names().size(); i++) {
          answers.add(Answer.of(batch.names().get(i), response.getPredictions(i), routing));
          progress.step("");
        }
      }
    }
    return answers;
  }

  private List<RowBatch> batches(ModelDescription asked) {
    List<String> tables = files.stream().filter(PredictCommand::isTable).toList();
    if (tables.isEmpty()) {
      return ImageBatch.of(files.stream().map(Path::of).toList(), asked);
    }
    if (files.size() > 1) {
      throw new BadInput("one table at a time, and no images beside it; files=" + files);
    }
    String name = tables.get(0).equals(STANDARD_INPUT) ? "standard input" : tables.get(0);
    try (Csv table = open(tables.get(0), name)) {
      return TableBatch.of(name, table, asked);
    }
  }

  private static void requireThere(String file) {
    if (!file.equals(STANDARD_INPUT) && !Files.isRegularFile(Path.of(file))) {
      throw new BadInput(file + ": no such file");
    }
  }

  private static boolean isTable(String file) {
    return file.equals(STANDARD_INPUT) || file.toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  private static Csv open(String file, String name) {
    return file.equals(STANDARD_INPUT) ? Csv.open(name, System.in) : Csv.open(Path.of(file));
  }
}
