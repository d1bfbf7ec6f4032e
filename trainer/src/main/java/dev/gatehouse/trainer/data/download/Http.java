package dev.gatehouse.trainer.data.download;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Asks servers for files, or for what is missing of one (RFC 9110, range requests). */
final class Http {
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int TIMEOUT = 408;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-\\d+/(\\d{1,18}|\\*)");

  private final HttpClient client;
  private final Patience patience;

  Http(Patience patience) {
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(patience.connection())
            .build();
  }

  /**
   * An answer that brings bytes.
   *
   * @param from index in the file of the first one
   * @param size of the whole file, where the server says it
   * @param body the bytes
   */
  record Answer(long from, OptionalLong size, Pieces body) implements AutoCloseable {
    @Override
    public void close() {
      body.close();
    }
  }

  /**
   * Asks for the bytes from {@code from} on. A server that knows no ranges, or has none there,
   * answers with all of them: no {@code If-Range} is sent, as whoever asks knows the digest of the
   * whole.
   *
   * @throws HomeFailed when asking again is of no use
   * @throws IOException when it may be of some
   */
  Answer get(URI address, long from) throws HomeFailed, IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("User-Agent", "gatehouse")
            .header("Accept-Encoding", "identity");
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    HttpResponse<Pieces> response = send(request.build());
    int status = response.statusCode();
    if (status == OK) {
      return new Answer(0, response.headers().firstValueAsLong("Content-Length"), response.body());
    }
    if (status == PARTIAL) {
      Matcher range =
          CONTENT_RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
      if (range.matches() && range.group(1).equals(Long.toString(from))) {
        return new Answer(from, size(range.group(2)), response.body());
      }
    }
    response.body().close();
    if (from > 0 && (status == PARTIAL || status == RANGE_NOT_SATISFIABLE)) {
      return get(address, 0);
    }
    String answer = "answers with status " + status;
    if (status >= SERVER_ERROR || status == TOO_MANY || status == TIMEOUT) {
      throw new IOException(answer);
    }
    throw new HomeFailed(address, answer);
  }

  private static OptionalLong size(String text) {
    return text.equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }

  /** The request's own timeout would count the body too from JDK 26 on, so it is not used. */
  private HttpResponse<Pieces> send(HttpRequest request)
      throws HomeFailed, IOException, InterruptedException {
    CompletableFuture<HttpResponse<Pieces>> response =
        client.sendAsync(request, head -> new Pieces());
    try {
      return response.get(patience.silence().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no answer for " + patience.silence().toSeconds() + " s");
    } catch (ExecutionException e) {
      throw failure(request.uri(), e.getCause());
    } finally {
      response.cancel(true);
    }
  }

  private IOException failure(URI address, @Nullable Throwable cause) throws HomeFailed {
    if (cause instanceof HttpConnectTimeoutException) {
      throw new HomeFailed(
          address, "takes no connection for " + patience.connection().toSeconds() + " s", cause);
    }
    if (cause instanceof ConnectException) {
      boolean unknown = cause.getCause() instanceof UnresolvedAddressException;
      throw new HomeFailed(
          address, unknown ? "unknown host " + address.getHost() : "takes no connections", cause);
    }
    if (cause instanceof SSLException) {
      throw new HomeFailed(address, "no secure connection: " + cause.getMessage(), cause);
    }
    return cause instanceof IOException io ? io : new IOException(cause);
  }
}
