package dev.gatehouse.trainer.data.download;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a file from one address, in several tries, each going on where the last one ended. */
final class Transfer {
  private final Http http;
  private final Patience patience;
  private final DownloadListener listener;

  Transfer(Patience patience, DownloadListener listener) {
    this.http = new Http(patience);
    this.patience = patience;
    this.listener = listener;
  }

  /**
   * Goes on until the part has all its bytes.
   *
   * @throws HomeFailed when the address does not give them; the part keeps what it gave
   */
  void fill(PartFile part, URI address) throws HomeFailed, InterruptedException {
    for (int tried = 1; !part.isWhole(); tried++) {
      try {
        once(part, address);
      } catch (IOException e) {
        if (tried == patience.tries()) {
          throw new HomeFailed(address, e.getMessage() + ", the last of " + tried + " tries", e);
        }
        listener.warned(
            "%s: %s; trying again, %d of %d"
                .formatted(address, e.getMessage(), tried + 1, patience.tries()));
        Thread.sleep(patience.pause().multipliedBy(tried).toMillis());
      }
    }
  }

  private void once(PartFile part, URI address)
      throws HomeFailed, IOException, InterruptedException {
    long size = part.file().bytes();
    try (Http.Answer answer = http.get(address, part.size())) {
      if (answer.size().orElse(size) != size) {
        throw new HomeFailed(
            address,
            "has %d bytes; the released file has %d".formatted(answer.size().getAsLong(), size));
      }
      part.cutTo(answer.from());
      take(answer.body(), part, address);
    }
    if (!part.isWhole()) {
      throw new IOException("ended" + at(part));
    }
  }

  private void take(Pieces body, PartFile part, URI address)
      throws HomeFailed, IOException, InterruptedException {
    long size = part.file().bytes();
    for (List<ByteBuffer> piece = next(body, part); piece != null; piece = next(body, part)) {
      for (ByteBuffer bytes : piece) {
        if (part.size() + bytes.remaining() > size) {
          throw new HomeFailed(address, "has more than the released file's " + size + " bytes");
        }
        part.append(bytes);
      }
      listener.reached(part.size());
    }
  }

  private @Nullable List<ByteBuffer> next(Pieces body, PartFile part)
      throws IOException, InterruptedException {
    try {
      return body.next(patience.silence());
    } catch (HttpTimeoutException e) {
      throw new IOException(e.getMessage() + at(part), e);
    } catch (IOException e) {
      throw new IOException("was cut off" + at(part), e);
    }
  }

  private static String at(PartFile part) {
    return " at %d of %d bytes".formatted(part.size(), part.file().bytes());
  }
}
