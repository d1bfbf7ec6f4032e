package dev.gatehouse.service.web;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.service.repository.Draining;
import dev.gatehouse.service.repository.UnknownModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers with the resource under the path; the one place where exceptions become HTTP statuses.
 */
final class Pages extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(Pages.class);
  private static final int MOST_BYTES = 16 << 20;

  /** Nothing is loaded from anywhere else, nothing is framed, no type is guessed. */
  private static final Map<String, String> SAFETY =
      Map.of(
          "Content-Security-Policy",
          "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer");

  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  private final Duration bodyTime;
  private final int mostAsking;
  private final Semaphore asking;
  private final boolean onLoopback;
  private volatile Routes routes;

  /**
   * Answers.
   *
   * @param bodyTime after it no more of a body is read
   * @param mostAsking requests with a body that are read or answered at a time; others are refused
   * @param onLoopback true where the server is there for this machine alone
   */
  Pages(Routes routes, Duration bodyTime, int mostAsking, boolean onLoopback) {
    this.routes = routes;
    this.bodyTime = bodyTime;
    this.mostAsking = mostAsking;
    this.asking = new Semaphore(mostAsking);
    this.onLoopback = onLoopback;
  }

  /** Also answers {@code more} from now on. */
  synchronized void add(Routes more) {
    routes = routes.and(more);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Page page = page(request);
    response.setStatus(page.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, page.contentType());
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    SAFETY.forEach((name, value) -> response.getHeaders().put(name, value));
    if (page.status() == HttpStatus.METHOD_NOT_ALLOWED_405) {
      response.getHeaders().put(HttpHeader.ALLOW, allowed(Request.getPathInContext(request)));
    }
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, page.body().length);
    response.write(true, ByteBuffer.wrap(page.body()), callback);
    return true;
  }

  private Page page(Request request) {
    String path = Request.getPathInContext(request);
    String host = Request.getServerName(request);
    if (onLoopback && !isOfThisMachine(host)) {
      return refusal(
          path,
          HttpStatus.MISDIRECTED_REQUEST_421,
          "a server that listens on the loopback answers to localhost and to addresses; Host="
              + host
              + "; ask by one of them, or start it with another --host");
    }
    String allowed = allowed(path);
    Resource resource = resource(request.getMethod(), path);
    if (allowed.isEmpty()) {
      return refusal(path, HttpStatus.NOT_FOUND_404, "nothing stands here; start at /");
    }
    if (resource == null) {
      return refusal(
          path, HttpStatus.METHOD_NOT_ALLOWED_405, "this address answers " + allowed + " only");
    }
    if (!HttpMethod.POST.is(request.getMethod())) {
      return answer(resource, request, path);
    }
    // Each holds a thread, for as long as its sender takes.
    if (!asking.tryAcquire()) {
      return refusal(
          path,
          HttpStatus.SERVICE_UNAVAILABLE_503,
          mostAsking + " requests with a body are under way, the most at a time; try again later");
    }
    try {
      return answer(resource, request, path);
    } finally {
      asking.release();
    }
  }

  private Page answer(Resource resource, Request request, String path) {
    try {
      return resource.answer(question(request));
    } catch (TooLarge e) {
      return refusal(path, HttpStatus.PAYLOAD_TOO_LARGE_413, e.getMessage());
    } catch (BadInput e) {
      return refusal(path, HttpStatus.BAD_REQUEST_400, e.getMessage());
    } catch (UnknownModel e) {
      return refusal(path, HttpStatus.NOT_FOUND_404, e.getMessage());
    } catch (Draining e) {
      return refusal(path, HttpStatus.SERVICE_UNAVAILABLE_503, e.getMessage());
    } catch (TooSlow e) {
      return refusal(path, HttpStatus.REQUEST_TIMEOUT_408, e.getMessage());
    } catch (IOException e) {
      return refusal(path, HttpStatus.BAD_REQUEST_400, "the request broke off");
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", request.getMethod(), path, e);
      return refusal(
          path, HttpStatus.INTERNAL_SERVER_ERROR_500, "the server failed; its log says why");
    }
  }

  /**
   * False for names that others give out: whoever owns one may point it at this machine, and then
   * ask, and read the answers, as a page of that name (DNS rebinding).
   */
  private static boolean isOfThisMachine(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.contains(":")
        || IPV4.matcher(name).matches();
  }

  /** Programs read JSON, people at a terminal a line. */
  private static Page refusal(String path, int status, @Nullable String reason) {
    String line = String.valueOf(reason);
    return path.startsWith("/api/") ? Page.error(status, line) : Page.plain(status, line);
  }

  private @Nullable Resource resource(String method, String path) {
    if (HttpMethod.POST.is(method)) {
      return routes.ask().get(path);
    }
    return HttpMethod.GET.is(method) || HttpMethod.HEAD.is(method) ? routes.read().get(path) : null;
  }

  private String allowed(String path) {
    List<String> methods = new ArrayList<>();
    if (routes.read().containsKey(path)) {
      methods.add("GET, HEAD");
    }
    if (routes.ask().containsKey(path)) {
      methods.add("POST");
    }
    return String.join(", ", methods);
  }

  private Question question(Request request) throws IOException {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    String bare = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    byte[] body = HttpMethod.POST.is(request.getMethod()) ? body(request) : new byte[0];
    return new Question(query(request), bare, body);
  }

  private static Map<String, String> query(Request request) {
    Map<String, String> query = new HashMap<>();
    try {
      for (Fields.Field field : Request.extractQueryParameters(request)) {
        query.put(field.getName(), field.getValue());
      }
    } catch (IllegalArgumentException | HttpException.RuntimeException e) {
      throw new BadInput("the query behind ? is not percent-encoded UTF-8", e);
    }
    return query;
  }

  private byte[] body(Request request) throws IOException {
    long end = System.nanoTime() + bodyTime.toNanos();
    try (InputStream in = Content.Source.asInputStream(request)) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      if (request.getLength() <= MOST_BYTES) {
        copy(in, body, MOST_BYTES + 1, end);
      }
      if (request.getLength() > MOST_BYTES || body.size() > MOST_BYTES) {
        // A connection that is closed before all of its request was read is reset, and the answer
        // may be lost with it: so some more is read, and not kept.
        copy(in, OutputStream.nullOutputStream(), 2 * MOST_BYTES, end);
        throw new TooLarge();
      }
      return body.toByteArray();
    }
  }

  private static void copy(InputStream in, OutputStream to, int most, long end) throws IOException {
    byte[] some = new byte[1 << 16];
    int left = most;
    while (left > 0) {
      int read = read(in, some, Math.min(left, some.length));
      if (read < 0) {
        return;
      }
      to.write(some, 0, read);
      left -= read;
      if (System.nanoTime() - end > 0) {
        throw new TooSlow();
      }
    }
  }

  private static int read(InputStream in, byte[] some, int most) throws IOException {
    try {
      return in.read(some, 0, most);
    } catch (IOException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new TooSlow();
      }
      throw e;
    }
  }

  private static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLarge() {
      super("a body of more than " + (MOST_BYTES >> 20) + " MiB is not read");
    }
  }

  private static final class TooSlow extends IOException {
    private static final long serialVersionUID = 1L;

    TooSlow() {
      super("the body did not come in time");
    }
  }
}
