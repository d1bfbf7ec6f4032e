package dev.gatehouse.service.web.console;

import dev.gatehouse.proto.page.Palette;
import dev.gatehouse.service.web.Page;
import dev.gatehouse.service.web.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The page's own files, read once. */
final class Assets {
  private static final String CSS = "text/css; charset=utf-8";
  private static final String JS = "text/javascript; charset=utf-8";

  private Assets() {}

  /** The files by the path at which they stand. */
  static Map<String, Resource> byPath() {
    Map<String, Resource> assets = new HashMap<>();
    assets.put("/", file("index.html", "text/html; charset=utf-8"));
    assets.put("/console/icon.svg", file("icon.svg", "image/svg+xml"));
    assets.put("/console/console.css", file("console.css", CSS));
    assets.put("/console/palette.css", page(CSS, Palette.css().getBytes(StandardCharsets.UTF_8)));
    for (String script : new String[] {"console", "api", "answer", "canvas", "image", "load"}) {
      assets.put("/console/" + script + ".js", file(script + ".js", JS));
    }
    return assets;
  }

  private static Resource file(String name, String contentType) {
    try (InputStream in = Assets.class.getResourceAsStream(name)) {
      return page(contentType, Objects.requireNonNull(in, name).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Resource page(String contentType, byte[] body) {
    Page page = new Page(200, contentType, body);
    return question -> page;
  }
}
