package dev.gatehouse.proto.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Terms added to the loss for the sake of how experts share the rows; weight 0 leaves one out.
 *
 * @param importance w of L_importance (arXiv 2302.14703)
 * @param betaSame beta_s of L_s, its same-expert term
 * @param betaDifferent beta_d of L_s, its different-expert term
 * @param distance run folder of the model between whose features L_s measures; null for distances
 *     of pixels
 * @param authorsScaling whether L_s divides as the authors' code does: beta_s S - beta_d F / B^2
 * @param loadBalance weight of M sum_e f_e P_e (arXiv 2101.03961, equation 4)
 * @param zLoss weight of mean_x log^2 sum_e exp g_e (arXiv 2202.08906, equation 5)
 * @param own terms of the user's own; not written where there are none
 */
public record Regularizers(
    Schedule importance,
    Schedule betaSame,
    Schedule betaDifferent,
    @Nullable String distance,
    boolean authorsScaling,
    Schedule loadBalance,
    Schedule zLoss,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonProperty(isRequired = OptBoolean.FALSE)
        List<OwnRegularizer> own) {
  /** None. */
  public static final Regularizers NONE = importance(0);

  /** Checks each number against its range. */
  public Regularizers {
    own = List.copyOf(Objects.requireNonNullElse(own, List.<OwnRegularizer>of()));
    Training.notNegative("importance", importance);
    Training.notNegative("beta_same", betaSame);
    Training.notNegative("beta_different", betaDifferent);
    Training.notNegative("load_balance", loadBalance);
    Training.notNegative("z_loss", zLoss);
  }

  /** L_importance alone. */
  public static Regularizers importance(double w) {
    Schedule zero = Schedule.of(0);
    return new Regularizers(Schedule.of(w), zero, zero, null, false, zero, zero, List.of());
  }

  /** These with L_s measured between the features of another run; null for pixels. */
  public Regularizers distance(@Nullable String other) {
    return new Regularizers(
        importance, betaSame, betaDifferent, other, authorsScaling, loadBalance, zLoss, own);
  }

  /** These and terms of the user's own, in place of any before. */
  public Regularizers own(List<OwnRegularizer> terms) {
    return new Regularizers(
        importance, betaSame, betaDifferent, distance, authorsScaling, loadBalance, zLoss, terms);
  }
}
