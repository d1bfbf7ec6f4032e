package dev.gatehouse.bench.cli;

import dev.gatehouse.bench.measure.Machine;
import dev.gatehouse.bench.model.Family;
import dev.gatehouse.bench.serve.Observed;
import dev.gatehouse.bench.serve.OpenResult;
import dev.gatehouse.bench.serve.Peers;
import dev.gatehouse.bench.serve.ServeBench;
import dev.gatehouse.bench.serve.ServeListener;
import dev.gatehouse.bench.serve.ServePace;
import dev.gatehouse.bench.serve.ServeResult;
import dev.gatehouse.bench.serve.Side;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.cli.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench serve}: the server beside gRPC itself and beside other servers. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the server against a gRPC service that does nothing, and against DJL's ONNX Runtime"
          + " engine and Node's onnxruntime-node behind the same service, each with the dense graph"
          + " and with our sparse model.onnx. Every server, and what sends the requests, is a"
          + " process of its own; models have random weights; all answer the same rows by turns."
    },
    footer = {
      "",
      "Without --model there are mnist:5, cifar:20 and mlp:64: a family and its number of experts.",
      "",
      "Examples:",
      "  gatehouse bench serve",
      "  gatehouse bench serve --model mnist:5 --in-flight 64 --peers java",
      "  gatehouse bench serve --model cifar:20 --rows 16 --in-flight 1",
      "  gatehouse bench serve --model cifar:20 --quantize w8a8",
      "  gatehouse bench serve --json --seconds 5"
    })
public final class BenchServeCommand implements Callable<Integer> {
  private static final int ROUNDS = 5;
  private static final double SECONDS = 2;
  private static final double WARM_UP = 6;
  private static final int SETTLING = 12;
  private static final double QUICK = 0.1;

  /** What gRPC takes as a message by default, less what is not rows. */
  private static final int MOST_BYTES = (4 << 20) - 1024;

  @Mixin private Output output = new Output();

  @Option(
      names = "--model",
      paramLabel = "FAMILY:M",
      split = ",",
      description = "mnist, cifar, cifar-light or mlp, and the number of experts.")
  private List<String> models = List.of("mnist:5", "cifar:20", "mlp:64");

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "1",
      description = "Experts that answer a row; default ${DEFAULT-VALUE}.")
  private int topK;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "1",
      description = "Rows of a request; default ${DEFAULT-VALUE}.")
  private int rows;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      split = ",",
      description = "Requests under way; default 1,8,64.")
  private List<Integer> inFlight = List.of(1, 8, 64);

  @Option(
      names = "--peers",
      paramLabel = "NAME",
      split = ",",
      description = "Other servers: java, node, none; default java,node.")
  private List<String> peers = List.of("java", "node");

  @Option(names = "--quantize", paramLabel = "INTEGERS", description = Quantized.OPTION)
  private @Nullable Quantized quantize;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "" + SECONDS,
      description = "Time of a turn, of which each side has " + ROUNDS + "; ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(names = "--quick", description = "One short round: shows that it runs, not how fast.")
  private boolean quick;

  /**
   * What the command prints with {@code --json}.
   *
   * @param machine it was measured on
   * @param cases with requests in a closed loop
   * @param onTime with requests on time
   * @param settings how the peers ran: the fastest of some
   */
  record Report(
      Machine machine,
      List<ServeResult> cases,
      List<OpenResult> onTime,
      Map<String, String> settings) {}

  /** A family and a number of experts. */
  private record Model(Family family, int experts) {
    static Model parse(String text) {
      String[] parts = text.split(":", -1);
      if (parts.length != 2 || !parts[1].matches("[1-9][0-9]{0,4}")) {
        throw new BadInput(
            "model is a family and its number of experts, as mnist:5; model=" + text);
      }
      Family family = Family.named(parts[0]);
      int experts = Integer.parseInt(parts[1]);
      if (experts < 2 || !family.fitsOneGraph(experts)) {
        throw new BadInput(
            "model must have 2 experts or more, and fit into one graph; model=" + text);
      }
      return new Model(family, experts);
    }
  }

  @Override
  public Integer call() throws IOException {
    List<Model> chosen = models.stream().map(Model::parse).toList();
    Measured.atLeast(1, "in-flight", inFlight);
    requireTopK(chosen);
    chosen.forEach(this::requireRows);
    if (!(seconds > 0)) {
      throw new BadInput("seconds must be above 0; seconds=" + seconds);
    }
    Machine machine = Machine.describe();
    output.text(machine.line());
    Peers others = new Peers(Path.of(System.getProperty("gatehouse.root", "")));
    ServePace pace =
        quick
            ? new ServePace(1, QUICK, 0, QUICK)
            : new ServePace(ROUNDS, WARM_UP, SETTLING, seconds);
    ServeBench bench =
        new ServeBench(
            pace,
            rows,
            inFlight.stream().sorted().toList(),
            others,
            sides(others),
            quantize != null,
            quick ? 0 : machine.cacheBytes());
    Told told = new Told();
    for (Model model : chosen) {
      told.begin(title(model));
      try {
        Measured.inFolder(
            folder -> bench.measure(model.family(), model.experts(), topK, folder, told));
      } finally {
        told.end();
      }
    }
    output.result(new Report(machine, told.cases, told.onTime, told.settings));
    return ExitCode.OK;
  }

  private void requireTopK(List<Model> chosen) {
    if (topK < 1 || chosen.stream().anyMatch(model -> topK > model.experts())) {
      throw new BadInput("top-k must be in [1, experts]; top-k=" + topK);
    }
  }

  private String title(Model model) {
    String title = model.family().name() + ", " + model.experts() + " experts";
    return rows == 1 ? title : title + ", " + rows + " rows a request";
  }

  private void requireRows(Model model) {
    int most = MOST_BYTES / Float.BYTES / model.family().input().shape().elements();
    if (rows < 1 || rows > most) {
      throw new BadInput(
          "rows of %s must be in [1, %d], what gRPC takes as a message; rows=%d"
              .formatted(model.family().name(), most, rows));
    }
  }

  /**
   * The peers that were asked for and can run here; of the others it says why they are left out.
   */
  private List<Side> sides(Peers others) throws IOException {
    List<Side> sides = new ArrayList<>();
    for (String name : peers) {
      switch (name) {
        case "java" -> add(sides, name, others.missingJava(), Side.JAVA_DENSE, Side.JAVA_SPARSE);
        case "node" -> add(sides, name, others.missingNode(), Side.NODE_DENSE, Side.NODE_SPARSE);
        case "none" -> {}
        default -> throw new BadInput("peers are java, node or none; peers=" + name);
      }
    }
    return sides;
  }

  private void add(List<Side> sides, String name, String missing, Side... own) {
    if (missing.isEmpty()) {
      sides.addAll(List.of(own));
    } else {
      output.note("gatehouse: peer " + name + " is left out: " + missing);
    }
  }

  /** Prints each result as it comes. */
  private final class Told implements ServeListener {
    private final List<ServeResult> cases = new ArrayList<>();
    private final List<OpenResult> onTime = new ArrayList<>();
    private final Map<String, String> settings = new TreeMap<>();
    private String title = "";
    private @Nullable Progress bar;

    void begin(String model) {
      title = model;
      output.text(model);
    }

    void end() {
      if (bar != null) {
        bar.close();
        bar = null;
      }
    }

    @Override
    public void started(Side side, String how) {
      settings.put(title + ", " + side, how);
      output.text("  " + side + ": " + how);
    }

    @Override
    public void ahead(int turns) {
      bar = Progress.start(title, turns);
    }

    @Override
    public void turned(String what) {
      if (bar != null) {
        bar.step(what);
      }
    }

    @Override
    public void measured(ServeResult result) {
      cases.add(result);
      output.text(
          String.format(
              Locale.ROOT,
              "  %d in flight: %.2f of the best no-op; times java dense %s, sparse %s, node dense"
                  + " %s, sparse %s",
              result.inFlight(),
              result.fractionOfNoop(),
              BenchEngineCommand.ratio(result.timesPeerJavaDense()),
              BenchEngineCommand.ratio(result.timesPeerJavaSparse()),
              BenchEngineCommand.ratio(result.timesPeerNodeDense()),
              BenchEngineCommand.ratio(result.timesPeerNodeSparse())));
      if (result.timesW8a8() != null) {
        output.text(
            "  in 8-bit integers, times "
                + result.timesW8a8().entrySet().stream()
                    .map(of -> of.getKey() + " " + BenchEngineCommand.ratio(of.getValue()))
                    .collect(Collectors.joining(", ")));
      }
      result.sides().forEach((side, seen) -> output.text(line(side.toString(), seen)));
    }

    @Override
    public void measured(OpenResult result) {
      onTime.add(result);
      output.text(
          String.format(Locale.ROOT, "  %.0f a second, 80%% of %s", result.rate(), result.of()));
      output.text(line(result.of().toString(), result.side()));
      if (result.sparse() != null) {
        output.text(line(Side.SPARSE.toString(), result.sparse()));
      }
      if (result.w8a8() != null) {
        output.text(line(Side.W8A8.toString(), result.w8a8()));
      }
      if (result.noop() != null) {
        output.text(line(Side.NOOP.toString(), result.noop()));
      }
    }

    private static String line(String name, Observed seen) {
      return String.format(
          Locale.ROOT,
          "    %-13s %8.0f/s  cpu %7.1f us  p50 %8.0f  p99 %8.0f  p99.9 %8.0f us  %6.0f bytes",
          name,
          seen.rps(),
          seen.cpuUs(),
          seen.p50Us(),
          seen.p99Us(),
          seen.p999Us(),
          seen.bytes());
    }
  }
}
