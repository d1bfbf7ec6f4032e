package dev.gatehouse.trainer.loop;

/**
 * Where the time of a training step goes, in milliseconds.
 *
 * @param data taking the batch's rows from the training set
 * @param forward from rows to the loss
 * @param backward from the loss to the gradients
 * @param optimizer moving the parameters, and what has to be freed
 */
public record StepTimes(double data, double forward, double backward, double optimizer) {
  /** The whole step. */
  public double total() {
    return data + forward + backward + optimizer;
  }
}
