package dev.gatehouse.bench.peer;

/** Something that holds sessions. */
public interface Peer extends AutoCloseable {
  @Override
  void close();
}
