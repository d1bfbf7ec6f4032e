package dev.gatehouse.bench.serve;

import dev.gatehouse.proto.cli.ChildJvm;
import dev.gatehouse.proto.cli.NodePackages;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Other servers of the same graphs, each with libraries of its own, from the checkout's {@code
 * deploy/peers}.
 *
 * @param root of the checkout
 */
public record Peers(Path root) {
  private static final String MAIN = "dev.gatehouse.peers.DjlServer";

  private Path module() {
    return root.resolve("deploy/peers");
  }

  /** Why DJL's peer cannot be measured here; empty where it can. */
  public String missingJava() {
    return Files.isDirectory(libraries()) ? "" : libraries() + " is not built";
  }

  private Path libraries() {
    return module().resolve("target/lib");
  }

  /**
   * Installs Node's packages, and says why its peer cannot be measured here; empty where it can.
   */
  public String missingNode() throws IOException {
    Path source = module().resolve("src/main/node");
    if (!Files.isDirectory(source)) {
      return source + " is not there";
    }
    NodePackages packages = new NodePackages(source, node());
    try {
      packages.install();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
    packages.copy("peer.mjs");
    return "";
  }

  private Path node() {
    return module().resolve("target/node");
  }

  /**
   * What a peer may run by, of which the fastest is taken: DJL's ONNX Runtime engine with a
   * predictor a thread, one thread an operation, on the event loop or on a pool of all processors;
   * Node's with one thread an operation or all processors.
   *
   * @param model the graph
   */
  List<Contender.Plan> plans(Side side, Path model) {
    int processors = Runtime.getRuntime().availableProcessors();
    return switch (side) {
      case JAVA_DENSE, JAVA_SPARSE -> List.of(java(side, model, 0), java(side, model, processors));
      case NODE_DENSE, NODE_SPARSE -> List.of(node(side, model, 1), node(side, model, processors));
      default -> throw new IllegalArgumentException(side + " is no peer");
    };
  }

  private Contender.Plan java(Side side, Path model, int threads) {
    ProcessBuilder command =
        ChildJvm.of(
            MAIN,
            libraries() + File.separator + "*",
            List.of(model.toString(), Integer.toString(threads)));
    String settings = threads == 0 ? "on the event loop" : "pool of " + threads;
    return new Contender.Plan(side.toString(), settings, command, false);
  }

  private Contender.Plan node(Side side, Path model, int threads) {
    Path protos = root.resolve("proto/src/main/protobuf").toAbsolutePath();
    ProcessBuilder command =
        new ProcessBuilder(
                "node",
                "peer.mjs",
                protos.toString(),
                model.toAbsolutePath().toString(),
                Integer.toString(threads))
            .directory(node().toFile());
    // Its ONNX Runtime reports over the network else, which is neither its work nor wanted.
    command.environment().put("ORT_DISABLE_TELEMETRY", "1");
    return new Contender.Plan(side.toString(), threads + " threads an operation", command, false);
  }
}
