package dev.gatehouse.trainer.loop;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.evaluation.Predictions;
import java.util.List;

/** What a run minimises. */
interface Objective {
  /** Number of training rows. */
  int rows();

  /** The loss of a step's rows. */
  Outcome of(Step step);

  /** What the model says of the held-out rows now. */
  Predictions validation();

  /** A mixture's output as {@code training} holds it against the labels, [b, C]. */
  static NDArray softened(Training training, NDArray y) {
    return training.mixtureSoftmax() ? y.softmax(1) : y;
  }

  /**
   * A part of the loss.
   *
   * @param name for people, as the configuration names it
   * @param value a scalar
   */
  record Term(String name, NDArray value) {}

  /**
   * One step's loss.
   *
   * @param terms what the loss is the sum of
   * @param loss the sum, a scalar
   * @param y [b, C] class probabilities under the training rule
   * @param labels [b] 64-bit true classes
   */
  record Outcome(List<Term> terms, NDArray loss, NDArray y, NDArray labels) {
    /** Adds up the terms. */
    static Outcome of(List<Term> terms, NDArray y, NDArray labels) {
      NDArray loss = terms.get(0).value();
      for (Term term : terms.subList(1, terms.size())) {
        loss = loss.add(term.value());
      }
      return new Outcome(List.copyOf(terms), loss, y, labels);
    }

    /** Number of rows whose class is wrong. */
    long wrong() {
      return y.argMax(1).neq(labels).sum().getLong();
    }
  }
}
