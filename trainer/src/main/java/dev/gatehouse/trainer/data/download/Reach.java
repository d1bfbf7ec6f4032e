package dev.gatehouse.trainer.data.download;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the places that files come from answer at all, whatever they say.
 *
 * @param environment says which places
 */
record Reach(DownloadEnvironment environment) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * Why a place does not answer, by the address of the first file that would be asked for there.
   */
  Map<URI, String> failures() {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    Map<URI, String> failures = new LinkedHashMap<>();
    for (Release release : List.of(Release.MNIST, Release.FASHION_MNIST, Release.CIFAR_10)) {
      URI address = environment.addresses(release, release.files().get(0)).get(0);
      try {
        client.send(
            HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.discarding());
      } catch (IOException e) {
        failures.put(address, "no answer");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failures.put(address, "interrupted");
      }
    }
    return failures;
  }
}
