package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a routing rule as people write it: {@code dense}, {@code certified}, {@code top-1}. */
public final class RoutingRules {
  private static final Pattern TOP = Pattern.compile("top-(\\d{1,6})");

  private RoutingRules() {}

  /**
   * The rule called {@code text}.
   *
   * @throws BadInput when there is none
   */
  public static RoutingRule parse(String text) {
    if (text.equals("dense")) {
      return new RoutingRule.Dense();
    }
    if (text.equals("certified")) {
      return new RoutingRule.Certified();
    }
    Matcher top = TOP.matcher(text);
    if (!top.matches()) {
      throw new BadInput("a routing rule is dense, certified or top-K, as in top-1; rule=" + text);
    }
    return new RoutingRule.TopK(Integer.parseInt(top.group(1)));
  }
}
