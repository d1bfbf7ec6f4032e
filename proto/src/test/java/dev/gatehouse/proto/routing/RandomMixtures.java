package dev.gatehouse.proto.routing;

import java.util.SplittableRandom;

/**
 * Draws mixtures of all sorts: few and many experts and classes, gates that are sure, flat or tied,
 * experts that agree, contradict one another or leave two classes a few bits apart.
 */
final class RandomMixtures {
  private static final int MOST_EXPERTS = 64;
  private static final int MOST_CLASSES = 100;

  private final SplittableRandom random;

  RandomMixtures(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /**
   * What a row's gate and experts say.
   *
   * @param gate [experts] probabilities
   * @param answers [experts][classes] class probabilities
   */
  record Mixture(float[] gate, float[][] answers) {
    int experts() {
      return gate.length;
    }

    int classes() {
      return answers[0].length;
    }
  }

  Mixture next() {
    int experts = upTo(MOST_EXPERTS);
    int classes = upTo(MOST_CLASSES);
    return switch (random.nextInt(4)) {
      case 0 -> contradiction(experts, classes);
      case 1 -> quantised(experts, classes);
      default -> plain(experts, classes);
    };
  }

  /** From 2 on, small numbers as often as large ones. */
  private int upTo(int most) {
    return (int) (2 * Math.pow(most / 2.0, random.nextDouble()) + 0.5);
  }

  /** Softmaxes of any sharpness; now and then two classes of every expert nearly level. */
  private Mixture plain(int experts, int classes) {
    double sharpness = Math.pow(10, -2 + 3.5 * random.nextDouble());
    double gateSharpness = Math.pow(10, -2 + 3.5 * random.nextDouble());
    boolean level = random.nextInt(4) == 0;
    float[][] answers = new float[experts][];
    for (int e = 0; e < experts; e++) {
      answers[e] = softmax(classes, sharpness);
      if (level) {
        int a = random.nextInt(classes);
        int b = random.nextInt(classes);
        answers[e][b] = answers[e][a] + random.nextInt(-2, 3) * Math.ulp(answers[e][a]);
      }
    }
    return new Mixture(softmax(experts, gateSharpness), answers);
  }

  /** One half of the gate, give or take some bits, is for a class and all the others against it. */
  private Mixture contradiction(int experts, int classes) {
    int a = random.nextInt(classes);
    int b = (a + 1 + random.nextInt(classes - 1)) % classes;
    int first = random.nextInt(experts);
    float[] gate = softmax(experts, 1);
    double rest = 0;
    for (int e = 0; e < experts; e++) {
      rest += e == first ? 0 : gate[e];
    }
    float half = 0.5f + random.nextInt(-80, 81) * 0x1p-24f;
    for (int e = 0; e < experts; e++) {
      gate[e] = e == first ? half : (float) (gate[e] * (1 - half) / rest);
    }
    float[][] answers = new float[experts][classes];
    for (int e = 0; e < experts; e++) {
      answers[e][e == first ? a : b] = 1;
    }
    return new Mixture(gate, answers);
  }

  /** Multiples of 1/64: ties in the gate, in the answers and in what they add up to. */
  private Mixture quantised(int experts, int classes) {
    float[][] answers = new float[experts][];
    for (int e = 0; e < experts; e++) {
      answers[e] = shares(classes);
    }
    return new Mixture(shares(experts), answers);
  }

  private float[] shares(int n) {
    float[] shares = new float[n];
    int some = 1 + random.nextInt(n);
    for (int i = 0; i < 64; i++) {
      shares[random.nextInt(some)] += 0x1p-6f;
    }
    return shares;
  }

  private float[] softmax(int n, double sharpness) {
    float[] p = new float[n];
    float sum = 0;
    for (int i = 0; i < n; i++) {
      p[i] = (float) Math.exp(sharpness * (2 * random.nextDouble() - 1));
      sum += p[i];
    }
    for (int i = 0; i < n; i++) {
      p[i] /= sum;
    }
    return p;
  }
}
