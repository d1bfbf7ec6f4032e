package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.trainer.config.RoutingRules;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code dense}, {@code certified} and {@code top-K}. */
final class RuleConverter implements ITypeConverter<RoutingRule> {
  @Override
  public RoutingRule convert(String text) {
    try {
      return RoutingRules.parse(text);
    } catch (BadInput e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
