package dev.gatehouse.trainer.data.download;

import java.time.Duration;

/**
 * How long a server is waited for.
 *
 * @param connection until it takes a connection
 * @param silence until it sends something, the answer's head or more of its body
 * @param tries to get a file, the first one and those that go on where it was cut off
 * @param pause before the second try; before the third it is twice as long, and so on
 */
record Patience(Duration connection, Duration silence, int tries, Duration pause) {
  static final Patience USUAL =
      new Patience(Duration.ofSeconds(15), Duration.ofSeconds(30), 5, Duration.ofSeconds(1));
}
