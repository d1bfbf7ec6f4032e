package dev.gatehouse.client.cli;

import dev.gatehouse.client.GatehouseClient;
import dev.gatehouse.client.Query;
import dev.gatehouse.client.Target;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.cli.Progress;
import dev.gatehouse.proto.v1.PredictResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends image files to a server and prints its answers. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = "Sends image files to a server; prints class, probability and experts of each.",
    footer = {
      "",
      "Examples:",
      "  gatehouse predict seven.png",
      "  gatehouse predict --target 127.0.0.1:9090 --model mnist --routing images/*.png",
      "  gatehouse predict --json seven.png"
    })
public final class PredictCommand implements Callable<Integer> {
  private static final int IMAGES_A_REQUEST = 64;

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
      paramLabel = "IMAGE",
      description = "PNG or JPEG files of the model's size.")
  private List<Path> images = List.of();

  @Override
  public Integer call() {
    Query query = new Query(model, modelVersion, true);
    List<Answer> answers = new ArrayList<>();
    String served = "";
    int version = 0;
    try (GatehouseClient client =
            GatehouseClient.connect(Target.parse(target), Duration.ofSeconds(deadlineSeconds));
        Progress progress = Progress.start("predict", images.size())) {
      for (int from = 0; from < images.size(); from += IMAGES_A_REQUEST) {
        List<Path> some = images.subList(from, Math.min(images.size(), from + IMAGES_A_REQUEST));
        PredictResponse response = ask(client, query, some);
        served = response.getModel();
        version = response.getVersion();
        for (int i = 0; i < some.size(); i++) {
          answers.add(Answer.of(some.get(i), response.getPredictions(i), routing));
          progress.step("");
        }
      }
    }
    answers.forEach(answer -> output.text(answer.line()));
    output.result(new Answers(served, version, answers));
    return ExitCode.OK;
  }

  private static PredictResponse ask(GatehouseClient client, Query query, List<Path> some) {
    try {
      return client.predictImages(query, some.stream().map(PredictCommand::read).toList());
    } catch (BadInput e) {
      throw some.size() == 1 || !String.valueOf(e.getMessage()).startsWith("image ")
          ? e
          : new BadInput(e.getMessage() + " (image 0 is " + some.get(0) + ")", e);
    }
  }

  private static byte[] read(Path image) {
    if (!Files.isRegularFile(image)) {
      throw new BadInput(image + ": no such file");
    }
    try {
      return Files.readAllBytes(image);
    } catch (IOException e) {
      throw new BadInput(image + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
