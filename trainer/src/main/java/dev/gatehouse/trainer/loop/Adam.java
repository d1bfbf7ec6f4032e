package dev.gatehouse.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gatehouse.trainer.model.Parameters;
import java.util.List;

/**
 * Adam (arXiv 1412.6980, algorithm 1; PyTorch's default form) with L2 added to the gradient:
 *
 * <pre>
 * g = g + weight_decay w
 * m = beta_1 m + (1 - beta_1) g          v = beta_2 v + (1 - beta_2) g^2
 * w = w - learning_rate / (1 - beta_1^t) m / (sqrt(v / (1 - beta_2^t)) + epsilon)
 * </pre>
 *
 * <p>DJL's Adam keeps its moments to itself, so its runs cannot be resumed exactly; and it adds
 * epsilon to sqrt(v) before the bias correction, which makes its epsilon larger in the first steps.
 */
final class Adam implements AutoCloseable {
  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final Parameters parameters;
  private final double learningRate;
  private final double weightDecay;
  private final NDManager manager;
  private final List<Slot> slots;
  private int steps;

  /** An optimiser of the trainable ones of {@code parameters}; it owns its moments. */
  Adam(NDManager parent, Parameters parameters, double learningRate, double weightDecay) {
    this.parameters = parameters;
    this.learningRate = learningRate;
    this.weightDecay = weightDecay;
    this.manager = parent.newSubManager();
    this.slots = parameters.trainable().stream().map(this::slot).toList();
  }

  /** Moves every trainable parameter against its gradient, and sets the gradient back to 0. */
  void step(NDManager scope) {
    steps++;
    double rate = learningRate / (1 - Math.pow(BETA_1, (double) steps));
    double correction = 1 / Math.sqrt(1 - Math.pow(BETA_2, (double) steps));
    for (Slot slot : slots) {
      NDArray weight = parameters.frozen(slot.name());
      NDArray gradient = in(scope, parameters.get(slot.name()).getGradient());
      if (weightDecay != 0) {
        gradient.addi(in(scope, weight.mul(weightDecay)));
      }
      NDArray m = slot.first();
      NDArray v = slot.second();
      m.muli(BETA_1).addi(gradient.mul(1 - BETA_1));
      v.muli(BETA_2).addi(gradient.square().muli(1 - BETA_2));
      NDArray root = in(scope, v.sqrt()).muli(correction).addi(EPSILON);
      weight.subi(in(scope, m.mul(rate)).divi(root));
      gradient.subi(gradient);
    }
  }

  /** Number of steps taken. */
  int steps() {
    return steps;
  }

  /** The moments; this optimiser owns them. */
  List<Slot> slots() {
    return slots;
  }

  @Override
  public void close() {
    manager.close();
  }

  /** Results are attached to their first operand's manager, which outlives the step. */
  private static NDArray in(NDManager scope, NDArray array) {
    array.attach(scope);
    return array;
  }

  private Slot slot(String name) {
    NDArray weight = parameters.frozen(name);
    return new Slot(
        name,
        manager.zeros(weight.getShape(), weight.getDataType()),
        manager.zeros(weight.getShape(), weight.getDataType()));
  }

  /**
   * The moments of one parameter.
   *
   * @param name the parameter
   * @param first m, in the parameter's shape
   * @param second v, in the parameter's shape
   */
  record Slot(String name, NDArray first, NDArray second) {}
}
