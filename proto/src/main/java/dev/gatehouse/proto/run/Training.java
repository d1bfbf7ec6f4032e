package dev.gatehouse.proto.run;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.RoutingRule;
import org.jspecify.annotations.Nullable;

/**
 * The resolved configuration of a training: everything but the data and the architecture.
 *
 * @param loss what the answers are held against
 * @param rule the mixture's output while it trains
 * @param mixtureSoftmax whether the output goes through one more softmax before the loss, as in the
 *     authors' code; the model is served without
 * @param temperature divides the gate's logits, or the scores of a mixture without a gate
 * @param epochs passes over the training rows
 * @param batch rows a step
 * @param seed of initialisation, order, noise and augmentation
 * @param augment how images are altered at random
 * @param optimizer how the parameters move
 * @param regularizers terms added to the loss
 * @param stopping when to stop, and which epoch's weights to keep
 * @param distillation how a student follows its teacher; null for a model trained from the labels
 */
public record Training(
    Loss loss,
    RoutingRule rule,
    boolean mixtureSoftmax,
    Schedule temperature,
    int epochs,
    int batch,
    long seed,
    Augment augment,
    Optimizer optimizer,
    Regularizers regularizers,
    Stopping stopping,
    @Nullable Distillation distillation) {
  /** What the answers are held against (arXiv 2302.14703 and the authors' code). */
  public enum Loss {
    /** -mean_x log(y_target + 1e-15) of the mixture's output y. */
    CROSS_ENTROPY,
    /** -mean_x log(sum_e p_e exp(-CE_e / 2) + 1e-15), CE_e the cross-entropy of expert e alone. */
    STOCHASTIC,
    /**
     * The cross-entropy of the mixture for the experts alone, and for the gate alone sum_e mean_x
     * abs(g_e - log o_e[target]): it learns to tell how well each expert will do.
     */
    EXPERT_LOSS
  }

  /** Checks each number against its range. */
  public Training {
    atLeastOne("epochs", epochs);
    atLeastOne("batch", batch);
    positive("temperature", temperature);
    if (rule instanceof RoutingRule.Certified) {
      throw new BadInput("rule certified is one to serve by; what it serves is trained dense");
    }
  }

  /**
   * Adam (arXiv 1412.6980).
   *
   * @param learningRate step size
   * @param gateLearningRate the gate's own step size; null for the same
   * @param weightDecay L2 added to the gradient
   * @param clip largest norm of the whole gradient, which is scaled down to it; 0 for no limit
   */
  public record Optimizer(
      Schedule learningRate, @Nullable Schedule gateLearningRate, double weightDecay, double clip) {
    /** Checks each number against its range. */
    public Optimizer {
      positive("learning_rate", learningRate);
      if (gateLearningRate != null) {
        positive("gate_learning_rate", gateLearningRate);
      }
      notNegative("weight_decay", weightDecay);
      notNegative("clip", clip);
    }

    /** One constant step size for all, no decay, no limit. */
    public static Optimizer of(double learningRate) {
      return new Optimizer(Schedule.of(learningRate), null, 0, 0);
    }
  }

  /**
   * When to stop.
   *
   * @param patience epochs without a smaller error on the held-out rows, after which training
   *     stops, or a distillation goes from the gate's epochs to those of all parameters, where it
   *     counts anew; 0 to run all epochs
   * @param keep which epoch's weights become the model
   */
  public record Stopping(int patience, Keep keep) {
    /** Runs all epochs and keeps the last. */
    public static final Stopping NEVER = new Stopping(0, Keep.LAST);

    /** Which epoch's weights become the model. */
    public enum Keep {
      /** Those of the last epoch. */
      LAST,
      /** Those of the epoch with the least error on the held-out rows, the first among equals. */
      BEST
    }

    /** Checks the number. */
    public Stopping {
      notNegative("patience", patience);
    }
  }

  /**
   * A training from the labels with cross-entropy, every expert in each row's answer, and no
   * regulariser.
   */
  public static Training plain(int epochs, int batch, double learningRate, long seed) {
    return new Training(
        Loss.CROSS_ENTROPY,
        new RoutingRule.Dense(),
        false,
        Schedule.of(1),
        epochs,
        batch,
        seed,
        Augment.NONE,
        Optimizer.of(learningRate),
        Regularizers.NONE,
        Stopping.NEVER,
        null);
  }

  /** These numbers with another loss. */
  public Training loss(Loss other) {
    return new Training(
        other,
        rule,
        mixtureSoftmax,
        temperature,
        epochs,
        batch,
        seed,
        augment,
        optimizer,
        regularizers,
        stopping,
        distillation);
  }

  /** These numbers with another output of the mixture. */
  public Training rule(RoutingRule other) {
    return new Training(
        loss,
        other,
        mixtureSoftmax,
        temperature,
        epochs,
        batch,
        seed,
        augment,
        optimizer,
        regularizers,
        stopping,
        distillation);
  }

  /** These numbers with another number of epochs. */
  public Training epochs(int other) {
    return new Training(
        loss,
        rule,
        mixtureSoftmax,
        temperature,
        other,
        batch,
        seed,
        augment,
        optimizer,
        regularizers,
        stopping,
        distillation);
  }

  /** These numbers with another seed. */
  public Training seed(long other) {
    return new Training(
        loss,
        rule,
        mixtureSoftmax,
        temperature,
        epochs,
        batch,
        other,
        augment,
        optimizer,
        regularizers,
        stopping,
        distillation);
  }

  /** These numbers with images altered in another way. */
  public Training augment(Augment other) {
    return new Training(
        loss,
        rule,
        mixtureSoftmax,
        temperature,
        epochs,
        batch,
        seed,
        other,
        optimizer,
        regularizers,
        stopping,
        distillation);
  }

  /** These numbers with another optimiser. */
  public Training optimizer(Optimizer other) {
    return new Training(
        loss,
        rule,
        mixtureSoftmax,
        temperature,
        epochs,
        batch,
        seed,
        augment,
        other,
        regularizers,
        stopping,
        distillation);
  }

  /** These numbers with another set of regularisers. */
  public Training regularizers(Regularizers other) {
    return new Training(
        loss,
        rule,
        mixtureSoftmax,
        temperature,
        epochs,
        batch,
        seed,
        augment,
        optimizer,
        other,
        stopping,
        distillation);
  }

  /** These numbers with another way to stop. */
  public Training stopping(Stopping other) {
    return new Training(
        loss,
        rule,
        mixtureSoftmax,
        temperature,
        epochs,
        batch,
        seed,
        augment,
        optimizer,
        regularizers,
        other,
        distillation);
  }

  /** These numbers with another way to follow a teacher. */
  public Training distillation(@Nullable Distillation other) {
    return new Training(
        loss,
        rule,
        mixtureSoftmax,
        temperature,
        epochs,
        batch,
        seed,
        augment,
        optimizer,
        regularizers,
        stopping,
        other);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new BadInput(name + " must be at least 1; " + name + "=" + value);
    }
  }

  private static void positive(String name, Schedule schedule) {
    if (!schedule.values().stream().allMatch(v -> v > 0 && Double.isFinite(v))) {
      throw new BadInput(name + " must be above 0; " + name + "=" + schedule);
    }
  }

  static void notNegative(String name, Schedule schedule) {
    schedule.values().forEach(value -> notNegative(name, value));
  }

  static void notNegative(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new BadInput(name + " must be 0 or more; " + name + "=" + value);
    }
  }
}
