package dev.gatehouse.cli.quickstart;

import dev.gatehouse.proto.cli.Unavailable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's {@code /metrics}, read over HTTP as Prometheus would.
 *
 * @param text the exposition
 */
record Scrape(String text) {
  /** Reads {@code /metrics} below {@code http}. */
  static Scrape of(String http) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(http + "/metrics")).build();
    try {
      return new Scrape(
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while reading " + http + "/metrics", e);
    }
  }

  /**
   * The values of a counter that has one series an expert.
   *
   * @param name the counter's name with {@code _total}
   * @return [experts]
   */
  long[] perExpert(String name, String model, int version, int experts) {
    long[] values = new long[experts];
    Matcher series =
        Pattern.compile("^" + name + "\\{(.*)} ([0-9.Ee+]+)$", Pattern.MULTILINE).matcher(text);
    while (series.find()) {
      String labels = series.group(1);
      if (labels.contains("model=\"" + model + "\"")
          && labels.contains("version=\"" + version + "\"")) {
        Matcher expert = Pattern.compile("expert=\"([0-9]+)\"").matcher(labels);
        if (expert.find()) {
          values[Integer.parseInt(expert.group(1))] += (long) Double.parseDouble(series.group(2));
        }
      }
    }
    return values;
  }
}
