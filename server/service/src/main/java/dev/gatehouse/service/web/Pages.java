package dev.gatehouse.service.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers GET and HEAD with the page under the path; everything else is refused in plain text. */
final class Pages extends Handler.Abstract {
  private final Map<String, Supplier<Page>> pages;

  Pages(Map<String, Supplier<Page>> pages) {
    this.pages = pages;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Page page = page(request);
    response.setStatus(page.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, page.contentType());
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    if (page.status() == HttpStatus.METHOD_NOT_ALLOWED_405) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
    }
    byte[] body = page.text().getBytes(StandardCharsets.UTF_8);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  private Page page(Request request) {
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      return Page.plain(
          HttpStatus.METHOD_NOT_ALLOWED_405, "this address answers GET and HEAD only");
    }
    Supplier<Page> page = pages.get(Request.getPathInContext(request));
    return page == null
        ? Page.plain(HttpStatus.NOT_FOUND_404, "nothing here; / lists the addresses")
        : page.get();
  }
}
