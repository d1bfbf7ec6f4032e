package dev.gatehouse.bench.model;

import dev.gatehouse.bench.peer.GraphOutput;
import dev.gatehouse.engine.combine.Combine;
import dev.gatehouse.engine.dispatch.DispatchPlan;
import dev.gatehouse.engine.gate.Choice;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.exporter.ExportOptions;
import dev.gatehouse.exporter.Exporter;
import dev.gatehouse.exporter.lower.Lowering;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.file.Sha256;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.RoutingTable;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Training;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * A mixture with random weights whose gate tells its prototypes apart.
 *
 * @param family what kind of model
 * @param prototypes one an expert
 * @param gate the gate's parameters, by name
 * @param seed of all that is drawn
 */
public record RandomModel(
    Family family, Prototypes prototypes, Map<String, Tensor> gate, long seed) {
  private static final int SELF_TEST_ROWS = 8;

  /** Logits by which an expert prefers a class: random heads spread over less than one. */
  private static final float FAVOUR = 2;

  /** Draws a model of {@code experts} experts. */
  public static RandomModel of(Family family, int experts, long seed) {
    Prototypes prototypes = Prototypes.of(family.input(), experts, seed);
    return new RandomModel(
        family, prototypes, PrototypeGate.weights(family, prototypes, seed), seed);
  }

  /** Number of experts, M. */
  public int experts() {
    return prototypes.count();
  }

  /** Whether the model can be written in 8-bit integers: it fits one graph and has large layers. */
  public boolean hasIntegers() {
    return family.fitsOneGraph(experts()) && Lowering.hasIntegers(family.model(experts()));
  }

  /** Writes the bundle of a model that {@link #hasIntegers} in 8-bit integers. */
  public Path writeInIntegers(Path folder, String name, RoutingRule rule) throws IOException {
    return export(folder, name, rule, ExportOptions.defaults().inIntegers());
  }

  /**
   * Writes the model's bundle.
   *
   * <p>Where {@link Family#fitsOneGraph} it goes as every trained model does, through a run folder
   * and {@link Exporter}. A larger one is put together of its graphs, each by the exporter's
   * lowering; its {@code model.onnx} and self-test are of another model with the same gate.
   *
   * @param folder where the bundle is written, under {@code name}
   * @param name the model's name
   * @param rule which experts answer a row
   * @return the bundle's folder
   */
  public Path write(Path folder, String name, RoutingRule rule) throws IOException {
    return family.fitsOneGraph(experts())
        ? export(folder, name, rule)
        : putTogether(folder, name, rule);
  }

  Path putTogether(Path folder, String name, RoutingRule rule) throws IOException {
    RandomModel small = new RandomModel(family.withTinyExperts(), prototypes, gate, seed);
    Path bundle = small.export(folder, name, rule);
    replaceExperts(bundle);
    return bundle;
  }

  Path export(Path folder, String name, RoutingRule rule) throws IOException {
    return export(folder, name, rule, ExportOptions.defaults());
  }

  private Path export(Path folder, String name, RoutingRule rule, ExportOptions options)
      throws IOException {
    ModelSpec model = family.model(experts());
    Map<String, Tensor> weights = new TreeMap<>(gate);
    for (int e = 0; e < experts(); e++) {
      weights.putAll(expert(e, e));
    }
    SelfTest test = selfTest(rule);
    Run run =
        new Run(
            RunFolder.FORMAT_VERSION,
            name,
            Run.Status.RUNNING,
            Instant.EPOCH.toString(),
            new Run.Dataset("random", "none", 1, 1, 1, "seed " + seed),
            model,
            rule,
            Training.plain(1, 1, 1, seed),
            null,
            Map.of("java", Runtime.version().toString()),
            null);
    RunFolder written = RunFolder.create(folder.resolve("run-" + name), run);
    written.writeWeights(new Safetensors(Map.of(), weights));
    weights.clear();
    written.write(test);
    RoutingTable routing = routing(test);
    written.write(new RunFolder.Routing(routing, routing));
    Run.Measurements nothing = new Run.Measurements(test.size(), 0, 0, 0, 0, 0);
    written.write(run.complete(new Run.Results(nothing, nothing)));
    Path bundle = Exporter.export(written, folder, name, 1, options).bundle().path();
    AtomicFiles.delete(written.path());
    return bundle;
  }

  /**
   * The parameters of expert {@code e}, named as those of expert {@code as}. It favours one class,
   * as trained experts do: a model of ties would change its mind with every bit that is rounded.
   */
  private Map<String, Tensor> expert(int e, int as) {
    String prefix = ModelSpec.expertPrefix(as);
    Map<String, Tensor> drawn =
        Graphs.tensors(
            family.expert().parameters(prefix, family.input().networkShape(), family.classes()),
            seed + 1 + e);
    float[] bias = new float[family.classes()];
    bias[e % bias.length] = FAVOUR;
    drawn.put(prefix + ".head.bias", Tensor.of(bias, bias.length));
    return drawn;
  }

  /** What the split graphs say of some rows; the export holds the portable graph against it. */
  private SelfTest selfTest(RoutingRule rule) {
    RowSet set = RowSet.of(prototypes, experts(), seed);
    int[] rows = new SplittableRandom(seed).ints(SELF_TEST_ROWS, 0, set.size()).toArray();
    float[] gateSays =
        GraphOutput.of(Graphs.gate(family, experts(), gate), family.input(), set.batch(rows));
    // A dense answer is that of all experts, each with its own weight.
    RoutingRule answering =
        rule instanceof RoutingRule.TopK ? rule : new RoutingRule.TopK(experts());
    Routing routing = Choice.choose(answering, rows.length, experts(), gateSays);
    float[] outputs =
        Combine.combine(
            rows.length,
            routing.k(),
            routing.expertWeights(),
            answers(set, rows, DispatchPlan.of(routing)),
            family.classes());
    return new SelfTest(
        rule,
        Family.classNames(family.classes()),
        raw(set.batch(rows)),
        new int[rows.length],
        gateSays,
        outputs);
  }

  /** {@code [rows, k, classes]}. */
  private float[] answers(RowSet set, int[] rows, DispatchPlan plan) {
    int classes = family.classes();
    float[] answers = new float[plan.pairs() * classes];
    for (int e = 0; e < plan.experts(); e++) {
      if (plan.count(e) > 0) {
        int[] own = new int[plan.count(e)];
        for (int i = 0; i < own.length; i++) {
          own[i] = rows[plan.rowAt(plan.offset(e) + i)];
        }
        float[] said =
            GraphOutput.of(Graphs.expert(family, expert(e, 0)), family.input(), set.batch(own));
        for (int i = 0; i < own.length; i++) {
          int to = plan.pairAt(plan.offset(e) + i) * classes;
          System.arraycopy(said, i * classes, answers, to, classes);
        }
      }
    }
    return answers;
  }

  private Tensor raw(RowSource rows) {
    int elements = rows.count() * rows.rowLength();
    FloatBuffer values =
        ByteBuffer.allocateDirect(elements * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    rows.write(0, rows.count(), values, 0);
    float[] floats = new float[elements];
    values.get(floats);
    Integer[] shape = family.input().shape().batched(rows.count()).toArray(Integer[]::new);
    if (family.input().datatype() == InputSpec.Datatype.FP32) {
      return Tensor.of(floats, shape);
    }
    byte[] bytes = new byte[elements];
    for (int i = 0; i < elements; i++) {
      bytes[i] = (byte) (int) floats[i];
    }
    return Tensor.of(bytes, shape);
  }

  /** The same number of hits for each expert: a run folder has to say something. */
  private RoutingTable routing(SelfTest test) {
    int experts = experts();
    int k = test.rule().k();
    return new RoutingTable(
        test.rule(),
        experts,
        Collections.nCopies(experts, (long) k),
        Collections.nCopies(experts, 1.0 / experts),
        0,
        Collections.nCopies(experts, Collections.nCopies(family.classes(), 0L)));
  }

  private void replaceExperts(Path bundle) throws IOException {
    Manifest manifest = Bundle.open(bundle).manifest();
    ObjectNode text = Json.tree(manifest);
    ObjectNode files = (ObjectNode) text.get("files");
    for (int e = 0; e < experts(); e++) {
      String path = manifest.graphs().experts().get(e);
      byte[] graph = Graphs.expert(family, expert(e, 0));
      Files.write(bundle.resolve(path), graph);
      ObjectNode entry = (ObjectNode) files.get(path);
      entry.put("bytes", graph.length);
      entry.put("sha256", Sha256.of(graph));
    }
    AtomicFiles.write(bundle.resolve(Bundle.MANIFEST), Json.text(text));
  }
}
