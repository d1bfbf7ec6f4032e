package dev.gatehouse.proto.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.gatehouse.proto.BadInput;
import java.util.List;

/** What every expert of a mixture is. JSON tells a class of the user's own by its keys. */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({@JsonSubTypes.Type(Network.class), @JsonSubTypes.Type(ExpertSpec.Own.class)})
public sealed interface ExpertSpec permits Network, ExpertSpec.Own {
  /** Width of the last hidden layer, where an attentive gate takes its keys. */
  int width();

  /**
   * One expert's parameters.
   *
   * @param prefix {@code experts.E}
   * @param in shape of a row
   * @param out number of classes
   */
  List<ParameterSpec> parameters(String prefix, Shape in, int out);

  /**
   * An expert of the user's own, that no exporter knows.
   *
   * @param own its class
   * @param width width of the hidden layer that it gives, h
   * @param parameters what it has, by its own names
   */
  record Own(OwnClass own, int width, List<ParameterSpec> parameters) implements ExpertSpec {
    /** Checks width and parameters. */
    public Own {
      if (width < 1) {
        throw new BadInput(own.type() + ": width must be at least 1; width=" + width);
      }
      parameters = ParameterSpec.requireUsable(own.type(), parameters);
    }

    @Override
    public List<ParameterSpec> parameters(String prefix, Shape in, int out) {
      return parameters.stream().map(p -> p.under(prefix)).toList();
    }
  }
}
