package dev.gatehouse.service.repository;

/** A model lent to one request: it stays open until the lease is closed, whatever is swapped. */
public final class Lease implements AutoCloseable {
  private final Holding holding;
  private boolean closed;

  Lease(Holding holding) {
    this.holding = holding;
  }

  /** The model; not to be used after {@link #close}. */
  public ServedModel served() {
    return holding.served();
  }

  /** Gives the model back; a second call does nothing. Called by the thread that works with it. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      holding.release();
    }
  }
}
