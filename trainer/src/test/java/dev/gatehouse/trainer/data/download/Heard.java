package dev.gatehouse.trainer.data.download;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Keeps what it is told. */
final class Heard implements DownloadListener {
  final List<String> events = new CopyOnWriteArrayList<>();
  final List<String> warnings = new CopyOnWriteArrayList<>();
  final CountDownLatch warned = new CountDownLatch(1);
  private volatile long reached;

  @Override
  public void started(ReleasedFile file, URI address, long there) {
    events.add("%s of %d bytes at %s from %d".formatted(file.name(), file.bytes(), address, there));
  }

  @Override
  public void reached(long bytes) {
    reached = bytes;
  }

  @Override
  public void finished() {
    events.add("finished with " + reached);
  }

  @Override
  public void warned(String line) {
    warnings.add(line);
    warned.countDown();
  }
}
