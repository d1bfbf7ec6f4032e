package dev.gatehouse.trainer.loop;

import java.nio.file.Path;

/** A training that was asked to stop and can go on from its checkpoint. */
public final class Stopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Stopped(Path run, int epoch, int step) {
    super(
        "stopped in epoch %d behind step %d; go on with: gatehouse train --resume %s"
            .formatted(epoch, step, run));
  }
}
