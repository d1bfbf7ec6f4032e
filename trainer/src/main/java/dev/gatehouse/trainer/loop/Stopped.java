package dev.gatehouse.trainer.loop;

import java.nio.file.Path;

/** A training that was asked to stop and can go on from its checkpoint. */
public final class Stopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A stop behind step {@code step} of {@code epoch}.
   *
   * @param distils whether it is a distillation, which another command goes on with
   */
  Stopped(Path run, boolean distils, int epoch, int step) {
    super(
        "stopped in epoch %d behind step %d; go on with: gatehouse %s --resume %s"
            .formatted(epoch, step, distils ? "distill" : "train", run));
  }
}
