package dev.gatehouse.service.repository;

/** A request that came when the server had stopped to take any. */
public final class Draining extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the message that the caller sees. */
  public Draining() {
    super("the server is stopping and takes no more requests; send it to another one");
  }
}
