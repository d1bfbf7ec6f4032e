package dev.gatehouse.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.gatehouse.trainer.array.Scaled;

/**
 * L_s, sample similarity (arXiv 2302.14703): similar rows are drawn to one expert, dissimilar ones
 * to different experts.
 *
 * <p>D [B, B] are Euclidean distances of the rows over the batch's largest. L_s = (beta_s S -
 * beta_d F) / (B^2 - B) with
 *
 * <pre>
 * S = 1/M       sum_{x,x'} sum_e       p_e(x) p_e(x')  D(x,x')
 * F = 1/(M^2-M) sum_{x,x'} sum_{e!=e'} p_e(x) p_e'(x') D(x,x')
 * </pre>
 *
 * <p>computed exactly in closed form: with G = P P^T [B, B] and r the row sums of P, S = sum(G * D)
 * / M and F = sum((r r^T - G) * D) / (M^2 - M), in O(B^2 (d + M)). Rows need not add up to 1. The
 * authors' code divides the second term alone, by B^2: beta_s S - beta_d F / B^2; their beta_s
 * times B^2 - B is ours, their beta_d is ours as it stands, but for B^2 in place of B^2 - B.
 *
 * <p>Zero, without a division, for one row, one expert, or a batch of identical rows.
 *
 * @param betaSame beta_s
 * @param betaDifferent beta_d
 * @param authorsScaling whether to divide as the authors' code does
 */
public record SampleSimilarity(double betaSame, double betaDifferent, boolean authorsScaling)
    implements Regulariser {
  @Override
  public NDArray of(Routed routed) {
    NDArray p = routed.probabilities();
    NDArray x = routed.x();
    long rows = p.getShape().get(0);
    long experts = p.getShape().get(1);
    if (rows == 1 || experts == 1) {
      return zero(p);
    }
    NDArray distances = distances(x.stopGradient());
    NDArray largest = distances.max();
    if (!(largest.toType(DataType.FLOAT64, false).getDouble() > 0)) {
      return zero(p);
    }
    NDArray d = distances.div(largest);
    NDArray g = p.matMul(p.transpose());
    NDArray r = p.sum(new int[] {1}, true);
    double pairs = (double) rows * rows - rows;
    double sameOver = authorsScaling ? 1 : pairs;
    double differentOver = authorsScaling ? (double) rows * rows : pairs;
    double same = betaSame / experts / sameOver;
    double different = betaDifferent / ((double) experts * experts - experts) / differentOver;
    NDArray others = r.matMul(r.transpose()).sub(g);
    NDArray weights = Scaled.by(g, same).sub(Scaled.by(others, different));
    return weights.mul(d).sum();
  }

  /** [B, B] Euclidean distances, the diagonal exactly 0. */
  private static NDArray distances(NDArray x) {
    long rows = x.getShape().get(0);
    NDArray flat = x.reshape(rows, -1);
    // Distances do not change with the origin; with a row as origin identical rows give exact
    // zeros.
    NDArray centred = flat.sub(flat.get(0));
    NDArray norms = centred.square().sum(new int[] {1}, true);
    NDArray squares =
        norms
            .add(norms.transpose())
            .sub(Scaled.by(centred.matMul(centred.transpose()), 2))
            .maximum(0);
    NDManager manager = x.getManager();
    NDArray offDiagonal = manager.eye((int) rows, (int) rows, 0, x.getDataType()).neg().add(1);
    return squares.mul(offDiagonal).sqrt();
  }

  /** A zero that a gradient can be taken of. */
  private static NDArray zero(NDArray p) {
    return Scaled.by(p.sum(), 0);
  }
}
