package dev.gatehouse.trainer.data.download;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Brings a file from the first of its homes that gives the released one. */
final class Homes {
  private final Transfer transfer;
  private final DownloadListener listener;

  Homes(Patience patience, DownloadListener listener) {
    this.transfer = new Transfer(patience, listener);
    this.listener = listener;
  }

  /**
   * Completes the part and gives the file its name.
   *
   * @param addresses of the file, to be tried in this order
   * @throws HomeFailed when none gives it; the part keeps what may still be of use
   */
  void bring(PartFile part, List<URI> addresses) throws HomeFailed, InterruptedException {
    List<HomeFailed> failures = new ArrayList<>();
    for (URI address : addresses) {
      try {
        bring(part, address);
        return;
      } catch (HomeFailed e) {
        failures.add(e);
        if (failures.size() < addresses.size()) {
          listener.warned(e.getMessage() + "; trying the next home");
        }
      }
    }
    throw HomeFailed.all(failures);
  }

  private void bring(PartFile part, URI address) throws HomeFailed, InterruptedException {
    ReleasedFile file = part.file();
    boolean resumed = part.size() > 0;
    listener.started(file, address, part.size());
    transfer.fill(part, address);
    String found = part.sha256();
    if (resumed && !found.equals(file.sha256())) {
      listener.warned(
          file.name() + ": what an earlier try left does not go with the rest; beginning again");
      part.cutTo(0);
      transfer.fill(part, address);
      found = part.sha256();
    }
    if (!found.equals(file.sha256())) {
      part.cutTo(0);
      throw new HomeFailed(
          address,
          "what came has sha256 %s, the released file has %s; it was deleted"
              .formatted(found, file.sha256()));
    }
    part.finish();
    listener.finished();
  }
}
