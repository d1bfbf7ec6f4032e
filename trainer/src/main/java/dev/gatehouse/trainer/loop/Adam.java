package dev.gatehouse.trainer.loop;

import static java.util.stream.Collectors.toMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.trainer.array.Elements;
import dev.gatehouse.trainer.model.Parameters;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Adam (arXiv 1412.6980, algorithm 1; PyTorch's default form), the gradient clipped by its norm
 * over all parameters before L2 is added to it:
 *
 * <pre>
 * g = g min(1, clip / (|g| + 1e-6)) + weight_decay w
 * m = beta_1 m + (1 - beta_1) g          v = beta_2 v + (1 - beta_2) g^2
 * w = w - learning_rate / (1 - beta_1^t) m / (sqrt(v / (1 - beta_2^t)) + epsilon)
 * </pre>
 *
 * <p>All parameters are one vector, which the engine's own Adam operation moves in one call, or in
 * several where it is long or gate and experts have different learning rates. DJL's optimiser
 * around that operation keeps its moments to itself, so that its runs cannot be resumed exactly;
 * and it adds epsilon to sqrt(v) before the bias correction, which makes epsilon larger in the
 * first steps. An epsilon of sqrt(1 - beta_2^t) times the formula's, added there, is the formula's.
 */
final class Adam implements AutoCloseable {
  private static final float BETA_1 = 0.9f;
  private static final float BETA_2 = 0.999f;
  private static final double EPSILON = 1e-8;
  private static final double NORM_EPSILON = 1e-6;
  private static final float NO_CLAMP = -1;

  /**
   * Elements that a CPU moves at once. The operation makes several arrays of that length on the
   * way; these stay in a cache and need no memory from the system. A GPU moves all at once: there
   * each call costs more than its arithmetic.
   */
  private static final long AT_ONCE = 1 << 18;

  private final Parameters parameters;
  private final double weightDecay;
  private final double clip;
  private final NDManager manager;
  private final long atOnce;
  private final Span all;
  private final List<Span> gate;
  private final List<Span> rest;
  private int steps;

  /**
   * An optimiser of what trains in {@code parameters}; it owns its moments.
   *
   * @param weightDecay factor of L2
   * @param clip largest norm of the gradient; 0 does not clip
   * @param state where it goes on; {@link State#START} starts afresh
   */
  Adam(NDManager parent, Parameters parameters, double weightDecay, double clip, State state) {
    this(parent, parameters, weightDecay, clip, state, atOnce(parameters));
  }

  /** As the other, moving at most {@code atOnce} elements at once. */
  Adam(
      NDManager parent,
      Parameters parameters,
      double weightDecay,
      double clip,
      State state,
      long atOnce) {
    this.parameters = parameters;
    this.atOnce = atOnce;
    this.weightDecay = weightDecay;
    this.clip = clip;
    this.steps = state.steps();
    this.manager = parent.newSubManager();
    NDArray first = vector(state, Moments::first);
    NDArray second = vector(state, Moments::second);
    this.all = new Span(0, parameters.weights(), first, second);
    this.gate = all.parts(manager, 0, parameters.gateElements(), atOnce);
    this.rest = all.parts(manager, parameters.gateElements(), all.size(), atOnce);
  }

  /**
   * Moves every parameter that trains against its gradient, and forgets the gradient.
   *
   * @return the gradient's norm before it was clipped; empty where clipping is off
   */
  OptionalDouble step(NDManager scope, Rates rates) {
    steps++;
    NDArray gradient = parameters.gradient(scope);
    OptionalDouble norm = clip > 0 ? OptionalDouble.of(norm(gradient)) : OptionalDouble.empty();
    double scale = norm.isPresent() ? Math.min(1, clip / (norm.getAsDouble() + NORM_EPSILON)) : 1;
    if (rates.gate() == rates.rest() && all.size() <= atOnce) {
      move(all, gradient, rates.rest(), scale);
    } else {
      gate.forEach(span -> move(span, span.of(gradient), rates.gate(), scale));
      rest.forEach(span -> move(span, span.of(gradient), rates.rest(), scale));
    }
    parameters.clearGradients();
    return norm;
  }

  /** Where it stands now. */
  State state() {
    FloatBuffer first = FloatBuffer.wrap(Elements.floats(all.first()));
    FloatBuffer second = FloatBuffer.wrap(Elements.floats(all.second()));
    List<Moments> moments = new ArrayList<>();
    for (ParameterSpec spec : parameters.trainable()) {
      Moments own = new Moments(spec, new float[spec.elements()], new float[spec.elements()]);
      first.get(own.first());
      second.get(own.second());
      moments.add(own);
    }
    return new State(steps, moments);
  }

  @Override
  public void close() {
    manager.close();
  }

  private void move(Span span, NDArray gradient, double rate, double scale) {
    double correction1 = 1 - Math.pow(BETA_1, (double) steps);
    double correction2 = Math.sqrt(1 - Math.pow(BETA_2, (double) steps));
    gradient
        .getNDArrayInternal()
        .adamUpdate(
            new NDList(span.weights(), gradient, span.first(), span.second()),
            new NDList(span.weights()),
            (float) rate,
            (float) (rate * correction2 / correction1),
            (float) weightDecay,
            (float) scale,
            NO_CLAMP,
            BETA_1,
            BETA_2,
            (float) (EPSILON * correction2),
            false,
            false);
  }

  private static long atOnce(Parameters parameters) {
    NDArray weights = parameters.weights();
    return weights.getDevice().isGpu() ? weights.size() : AT_ONCE;
  }

  private static double norm(NDArray gradient) {
    return gradient.norm().getFloat();
  }

  private NDArray vector(State state, Function<Moments, float[]> moment) {
    Map<String, float[]> byName =
        state.moments().stream().collect(toMap(m -> m.parameter().name(), moment));
    FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(parameters.weights().size()));
    for (ParameterSpec spec : parameters.trainable()) {
      values.put(byName.getOrDefault(spec.name(), new float[spec.elements()]));
    }
    try (NDArray copied = manager.create(values.array())) {
      return copied.duplicate();
    }
  }

  /**
   * Learning rates of one step.
   *
   * @param gate of the parameters whose names start with {@code gate.}
   * @param rest of all others
   */
  record Rates(double gate, double rest) {
    /** One rate for all parameters. */
    static Rates of(double rate) {
      return new Rates(rate, rate);
    }
  }

  /**
   * What an optimiser needs to go on as if it had never stopped.
   *
   * @param steps number of steps taken, t
   * @param moments of each parameter that trains; 0 where there are none
   */
  record State(int steps, List<Moments> moments) {
    /** Before the first step. */
    static final State START = new State(0, List.of());

    /** Copies the list. */
    State {
      moments = List.copyOf(moments);
    }
  }

  /**
   * The moments of one parameter.
   *
   * @param parameter whose they are
   * @param first m, row-major
   * @param second v, row-major
   */
  record Moments(ParameterSpec parameter, float[] first, float[] second) {}

  /**
   * A run of the vectors, [n] each.
   *
   * @param from where it starts in the whole
   */
  private record Span(long from, NDArray weights, NDArray first, NDArray second) {
    long size() {
      return weights.size();
    }

    /** The same run of another vector, as a view. */
    NDArray of(NDArray vector) {
      return vector.get("{}:{}", from, from + size());
    }

    /** Elements {@code start} to {@code end} - 1 in views of {@code length} and less. */
    List<Span> parts(NDManager owner, long start, long end, long length) {
      List<Span> parts = new ArrayList<>();
      for (long at = start; at < end; at += length) {
        long to = Math.min(end, at + length);
        parts.add(
            new Span(
                at,
                view(owner, weights, at, to),
                view(owner, first, at, to),
                view(owner, second, at, to)));
      }
      return parts;
    }

    private static NDArray view(NDManager owner, NDArray vector, long from, long to) {
      NDArray view = vector.get("{}:{}", from, to);
      view.attach(owner);
      return view;
    }
  }
}
