package dev.gatehouse.proto.routing;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * One row under {@link dev.gatehouse.proto.network.RoutingRule.Certified}: which expert it needs
 * next, until its label is certain, and its answer.
 *
 * <p>The dense model answers y = sum_e p_e o_e and its label is the largest y, the lower class
 * among equals. Here experts run by falling p_e, the lower index first among equals. S is the sum
 * of p_e o_e over those that ran, L that of p_e over the others. Let a be the class of the largest
 * S. The row is certain as soon as for every other class b
 *
 * <pre>S[a] - S[b] &gt; L + margin</pre>
 *
 * <p><b>The label is the dense model's.</b> An answer lies on the simplex, so o_e[b] - o_e[a] is at
 * most 1. Hence y[a] - y[b] = S[a] - S[b] - sum over the others of p_e (o_e[b] - o_e[a]), which is
 * at least S[a] - S[b] - L, and that is above the margin: a is the only largest of y.
 *
 * <p><b>A class probability is off by at most L.</b> The answer is S / m with m the sum of p_e over
 * those that ran, 1 - L. With R the sum of p_e o_e over the others, y = S + R, and S / m - y = L (S
 * / m) - R. Both terms lie in [0, L], since S / m is a mean of answers and R is at most L.
 *
 * <p><b>The margin is for rounding</b>: (M + 4) 2^-23 for M experts. A sum of M products in float32
 * is off by at most M 2^-24 of itself, in whatever order, so the two of a and b by M 2^-24
 * together; as much again, and 2^-21, is left for answers and gates that are off the simplex by the
 * rounding of their own softmax, and for the division and rounding of the answer given here. So the
 * label is also that of a dense model that adds up in float32. S and L themselves are kept in
 * doubles.
 *
 * <p>Once every expert ran there is nothing to prove: the answer is y, added up in doubles by
 * rising index. What is no number is never certain, and never left out: such a row runs every
 * expert.
 *
 * <p>Not thread-safe.
 */
public final class CertifiedRow {
  /** No expert is needed any more. */
  public static final int NO_EXPERT = -1;

  private static final double UNIT = 0x1p-23;

  private final float[] gate;
  private final int from;
  private final int classes;
  private final int[] order;
  private final double[] sum;
  private float[] answers;
  private int ran;
  private boolean certain;

  /**
   * A row of which no expert ran.
   *
   * @param gate holds the row's gate probabilities; must not change
   * @param from index in {@code gate} of the first
   * @param experts number of experts, M
   * @param classes number of classes
   */
  public CertifiedRow(float[] gate, int from, int experts, int classes) {
    this.gate = gate;
    this.from = from;
    this.classes = classes;
    this.sum = new double[classes];
    this.answers = new float[Math.min(2, experts) * classes];
    this.order = new int[experts];
    for (int e = 0; e < experts; e++) {
      order[e] = e;
    }
    putNextFirst();
  }

  /** What the gap between the best two classes must exceed beyond the mass left. */
  public static double margin(int experts) {
    return (experts + 4) * UNIT;
  }

  /** The expert to run next; {@link #NO_EXPERT} once the answer is there. */
  public int next() {
    return certain ? NO_EXPERT : order[ran];
  }

  /**
   * Takes the answer of expert {@link #next}.
   *
   * @param values holds the class probabilities that it gives this row
   * @param at index in {@code values} of the first
   */
  public void add(FloatBuffer values, int at) {
    if (ran * classes == answers.length) {
      answers = Arrays.copyOf(answers, Math.min(2 * ran, order.length) * classes);
    }
    double p = probability(order[ran]);
    int to = ran * classes;
    values.get(at, answers, to, classes);
    for (int c = 0; c < classes; c++) {
      sum[c] += p * answers[to + c];
    }
    ran++;
    certain = ran == order.length || isCertain(putNextFirst());
  }

  /** Experts that ran. */
  public int count() {
    return ran;
  }

  /** The expert that ran as {@code i}-th, from 0. */
  public int expert(int i) {
    return order[i];
  }

  /** Its weight in the answer: its gate probability over the mass that ran; p_e where all ran. */
  public float weight(int i) {
    double p = probability(order[i]);
    return (float) (ran == order.length ? p : p / mass());
  }

  /** Writes the class probabilities to {@code to} from index {@code at} on. */
  public void write(float[] to, int at) {
    double[] y = ran == order.length ? dense() : sum;
    double divisor = ran == order.length ? 1 : mass();
    for (int c = 0; c < classes; c++) {
      to[at + c] = (float) (y[c] / divisor);
    }
  }

  /** y, by rising index of the experts. */
  private double[] dense() {
    int[] slots = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      slots[order[i]] = i * classes;
    }
    double[] y = new double[classes];
    for (int e = 0; e < slots.length; e++) {
      double p = probability(e);
      for (int c = 0; c < classes; c++) {
        y[c] += p * answers[slots[e] + c];
      }
    }
    return y;
  }

  /** Brings the expert with the largest probability of those left to their front; the mass left. */
  private double putNextFirst() {
    double left = 0;
    int best = ran;
    for (int i = ran; i < order.length; i++) {
      left += probability(order[i]);
      if (isBefore(order[i], order[best])) {
        best = i;
      }
    }
    int next = order[best];
    order[best] = order[ran];
    order[ran] = next;
    return left;
  }

  private boolean isBefore(int e, int other) {
    double p = probability(e);
    double q = probability(other);
    return p > q || (p == q && e < other);
  }

  private boolean isCertain(double left) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (sum[c] > sum[best]) {
        best = c;
      }
    }
    double needed = left + margin(order.length);
    for (int c = 0; c < classes; c++) {
      // So written, a NaN is never certain.
      if (c != best && !(sum[best] - sum[c] > needed)) {
        return false;
      }
    }
    return true;
  }

  private double mass() {
    double mass = 0;
    for (int i = 0; i < ran; i++) {
      mass += probability(order[i]);
    }
    return mass;
  }

  private double probability(int e) {
    return gate[from + e];
  }
}
