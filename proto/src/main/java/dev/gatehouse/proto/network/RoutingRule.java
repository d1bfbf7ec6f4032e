package dev.gatehouse.proto.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.gatehouse.proto.BadInput;

/** Which experts answer a row, and with what weight. In JSON the key {@code rule} says which. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "rule")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RoutingRule.Dense.class, name = "dense"),
  @JsonSubTypes.Type(value = RoutingRule.TopK.class, name = "top_k"),
  @JsonSubTypes.Type(value = RoutingRule.Certified.class, name = "certified")
})
public sealed interface RoutingRule {
  /**
   * Experts chosen a row. For a dense rule 1, the argmax of the gate, which counts as the hit; for
   * a certified one 1, the least.
   */
  int k();

  /**
   * The rule that the whole model in one graph follows, and under which a self-test is recorded:
   * this one, but for a rule that stops early, as no graph can.
   */
  default RoutingRule inOneGraph() {
    return this;
  }

  /** Every expert answers, weighted with its gate probability: y = sum_e p_e o_e. */
  record Dense() implements RoutingRule {
    @Override
    public int k() {
      return 1;
    }

    @Override
    public String toString() {
      return "dense";
    }
  }

  /**
   * The k experts with the largest gate probability, the lower index first among equals. Weights
   * are the softmax over the kept logits, that is p_e over the sum of the kept; 1 for k = 1.
   *
   * @param k experts a row, at least 1
   */
  record TopK(int k) implements RoutingRule {
    /** Checks the number. */
    public TopK {
      if (k < 1) {
        throw new BadInput("top_k must be at least 1; top_k=" + k);
      }
    }

    @Override
    public String toString() {
      return "top-" + k;
    }
  }

  /**
   * Experts run by falling gate probability until no other can change the label: it is the dense
   * rule's, and each class probability is off by at most the gate probability of the experts that
   * did not run. For experts whose answers lie on the simplex; the proof is at {@link
   * dev.gatehouse.proto.routing.CertifiedRow}.
   */
  record Certified() implements RoutingRule {
    @Override
    public int k() {
      return 1;
    }

    @Override
    public RoutingRule inOneGraph() {
      return new Dense();
    }

    @Override
    public String toString() {
      return "certified";
    }
  }
}
