package dev.gatehouse.exporter.inspect;

/**
 * What one row costs, or the parts of a model that one row runs.
 *
 * @param parameters numbers that were learnt
 * @param weightBytes bytes of weights as they are stored; those that compute with float32 become
 *     that once they are loaded
 * @param flops floating-point operations of convolutions and matrix products, two a multiply-add
 * @param otherElements elements that the other operators write, about an operation each
 */
public record RowCost(long parameters, long weightBytes, long flops, long otherElements) {

  /** Both, one after the other. */
  RowCost plus(RowCost other) {
    return new RowCost(
        parameters + other.parameters,
        weightBytes + other.weightBytes,
        flops + other.flops,
        otherElements + other.otherElements);
  }

  /** This many times over, rounded. */
  RowCost times(double factor) {
    return new RowCost(
        Math.round(factor * parameters),
        Math.round(factor * weightBytes),
        Math.round(factor * flops),
        Math.round(factor * otherElements));
  }
}
