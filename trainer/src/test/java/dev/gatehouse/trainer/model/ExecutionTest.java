package dev.gatehouse.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.trainer.config.Architectures;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.model.Execution.Form;
import dev.gatehouse.trainer.testing.FiniteDifferences;
import dev.gatehouse.trainer.testing.RandomModels;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** However a model's networks are run, they say the same and learn the same. */
class ExecutionTest {
  private static final Execution LOOP = new Execution(Form.CHANNELS_LAST, 1, Form.CHANNELS_LAST);

  /** A model does so when it is opened; here its parts are used without one. */
  @BeforeAll
  static void examine() {
    Convolution.examine();
  }

  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shouldEqualTheLoopOverExperts(long seed) {
    Random random = new Random(seed);
    ModelSpec spec = RandomModels.mixture(random, true);
    Shape shape = shape(spec, 2 + random.nextInt(8));
    int group = 1 + random.nextInt(spec.experts());
    double[] x = random.doubles(shape.size(), -2, 2).toArray();

    Map<String, double[]> loop = step(spec, LOOP, x, shape);
    Map<String, double[]> stacked =
        step(spec, new Execution(Form.ROWS_LAST, group, Form.ROWS_LAST), x, shape);

    assertThat(stacked.keySet()).isEqualTo(loop.keySet());
    loop.forEach(
        (what, expected) ->
            assertThat(find(stacked, what))
                .as(what)
                .usingComparatorWithPrecision(1e-9)
                .containsExactly(expected));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shouldHaveTheGradientsThatDifferencesShow(long seed) {
    Random random = new Random(seed);
    ModelSpec spec = RandomModels.mixture(random, false);
    Shape shape = shape(spec, 2);
    double[] x = random.doubles(shape.size(), -2, 2).toArray();
    int experts = spec.experts();
    List<ParameterSpec> parameters =
        ParameterLayout.grouped(
            ParameterLayout.of(
                    IntStream.range(0, experts)
                        .mapToObj(spec::expertParameters)
                        .flatMap(List::stream)
                        .toList(),
                    name -> true)
                .trained(),
            experts);
    List<ParameterSpec> small = parameters.stream().filter(p -> p.elements() <= 150).toList();
    ParameterSpec moved = small.get(random.nextInt(small.size()));
    Map<String, double[]> values = new HashMap<>();
    for (ParameterSpec parameter : parameters) {
      values.put(parameter.name(), random.doubles(parameter.elements(), -0.5, 0.5).toArray());
    }
    double[] mix = random.doubles((long) experts * spec.expert().width() * 2).toArray();

    FiniteDifferences.assertGradient(
        find(values, moved.name()),
        shapeOf(moved),
        array -> {
          NDManager manager = array.getManager();
          Map<String, NDArray> arrays = new HashMap<>();
          for (ParameterSpec parameter : parameters) {
            double[] value = find(values, parameter.name());
            arrays.put(parameter.name(), manager.create(value, shapeOf(parameter)));
          }
          arrays.put(moved.name(), array);
          NetworkStack stack =
              new NetworkStack(
                  spec.network(),
                  experts,
                  ParameterLayout.prefix(0, experts - 1),
                  arrays::get,
                  new SharedInput());
          NDArray trunk = stack.trunk(manager.create(x, shape), Pass.training(1, 1));
          NDArray hidden = manager.create(mix, trunk.getShape()).mul(trunk).sum();
          return stack.head(trunk).square().sum().add(hidden);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "paper-mnist, 10, 512, ROWS_LAST, 10",
    "paper-mnist, 20, 512, ROWS_LAST, 10",
    "small, 5, 128, ROWS_LAST, 5",
    "mlp, 64, 128, ROWS_LAST, 64",
    "paper-cifar, 20, 128, CHANNELS_LAST, 1"
  })
  void shouldRunArchitecturesAsMeasured(String name, int experts, int rows, Form form, int group) {
    var networks = Architectures.named(name).networks();
    boolean colour = name.equals("paper-cifar");
    ModelSpec spec =
        new ModelSpec(
            colour ? RandomModels.image(3, 32) : RandomModels.image(1, 28),
            List.of("a", "b"),
            experts,
            networks.expert(),
            GateKind.SOFTMAX.spec(networks.gate(), 1));

    assertThat(Execution.of(spec, rows)).isEqualTo(new Execution(form, group, form));
  }

  /** Answers, gradients and running statistics of one step, in 64-bit floats. */
  private static Map<String, double[]> step(
      ModelSpec spec, Execution execution, double[] rows, Shape shape) {
    Map<String, double[]> results = new LinkedHashMap<>();
    try (NDManager manager = NDManager.newBaseManager();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      Map<String, NDArray> arrays = new LinkedHashMap<>();
      Random random = new Random(7);
      for (ParameterSpec parameter : spec.parameters()) {
        double[] values = random.doubles(parameter.elements(), 0.1, 1).toArray();
        if (parameter.start() == ParameterSpec.Start.UNIFORM) {
          Arrays.setAll(values, i -> (values[i] - 0.5) / Math.sqrt(parameter.fanIn()));
        }
        NDArray array = manager.create(values, shapeOf(parameter));
        array.setRequiresGradient(parameter.trained());
        arrays.put(parameter.name(), array);
      }
      Map<String, NDArray> joined = joined(spec, execution.group(), arrays);
      Mixture mixture =
          ModelParts.of(spec, execution, joined::get, new OwnParts(null, null)).mixture();
      NDArray x = manager.create(rows, shape);
      Pass pass = Pass.training(1, 1);

      ExpertAnswers answers = mixture.experts().forward(x, pass);
      NDArray p = mixture.gate().forward(new GateInput(x, answers, null, pass)).probabilities();

      NDArray o = answers.probabilities();
      NDArray mix = manager.create(random.doubles(o.size()).toArray(), o.getShape());
      NDArray answer = p.expandDims(2).mul(o).mul(mix).sum();
      collector.backward(answer.add(answers.hidden().sum()));
      results.put("logits", answers.logits().toDoubleArray());
      results.put("answers", o.toDoubleArray());
      results.put("hidden", answers.hidden().toDoubleArray());
      results.put("gate", p.toDoubleArray());
      for (ParameterSpec parameter : spec.parameters()) {
        NDArray array = find(arrays, parameter.name());
        results.put(
            parameter.name(), (parameter.trained() ? array.getGradient() : array).toDoubleArray());
      }
    }
    return results;
  }

  /** The arrays that {@code group} experts at a time are run with. */
  private static Map<String, NDArray> joined(
      ModelSpec spec, int group, Map<String, NDArray> arrays) {
    Map<String, NDArray> joined = new HashMap<>(arrays);
    for (int from = 0; from < spec.experts(); from += group) {
      int to = Math.min(spec.experts(), from + group);
      for (ParameterSpec parameter : spec.expertParameters(from)) {
        String suffix = parameter.name().substring(ModelSpec.expertPrefix(from).length());
        List<String> names =
            IntStream.range(from, to).mapToObj(e -> ModelSpec.expertPrefix(e) + suffix).toList();
        NDList parts = new NDList(names.stream().map(name -> find(arrays, name)).toList());
        NDArray whole = parts.size() == 1 ? parts.get(0) : NDArrays.concat(parts, 0);
        joined.put(ParameterLayout.prefix(from, to - 1) + suffix, whole);
        if (!parameter.trained() && names.size() > 1) {
          // Running statistics are changed where they lie, which is now in the whole.
          NDList views = whole.split(names.size());
          IntStream.range(0, names.size()).forEach(i -> arrays.put(names.get(i), views.get(i)));
        }
      }
    }
    return joined;
  }

  private static <T> T find(Map<String, T> all, String name) {
    return Objects.requireNonNull(all.get(name), name);
  }

  private static Shape shape(ModelSpec spec, int rows) {
    long[] row = spec.input().shape().dims().stream().mapToLong(Integer::longValue).toArray();
    return new Shape(rows).addAll(new Shape(row));
  }

  private static Shape shapeOf(ParameterSpec parameter) {
    return new Shape(parameter.shape().stream().mapToLong(Integer::longValue).toArray());
  }
}
