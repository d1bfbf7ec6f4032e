package dev.gatehouse.service.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prometheus' text format 0.0.4, read without the library that wrote it.
 *
 * @param samples every sample
 * @param help text of each family
 * @param types type of each family
 */
public record Scrape(List<Sample> samples, Map<String, String> help, Map<String, String> types) {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"([^\"]*)\"");

  /** One line. */
  public record Sample(String name, Map<String, String> labels, double value) {}

  /** Reads {@code text}. */
  public static Scrape of(String text) {
    Scrape scrape = new Scrape(new ArrayList<>(), new TreeMap<>(), new TreeMap<>());
    text.lines().forEach(scrape::read);
    return scrape;
  }

  private void read(String line) {
    if (line.startsWith("# HELP ") || line.startsWith("# TYPE ")) {
      String[] parts = line.split(" ", 4);
      (line.startsWith("# HELP ") ? help : types).put(parts[2], parts[3]);
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      throw new IllegalArgumentException("no sample: " + line);
    }
    Map<String, String> labels = new TreeMap<>();
    if (sample.group(2) != null) {
      LABEL.matcher(sample.group(2)).results().forEach(l -> labels.put(l.group(1), l.group(2)));
    }
    samples.add(new Sample(sample.group(1), labels, Double.parseDouble(sample.group(3))));
  }

  /** Sum of a family's samples whose labels hold {@code labels}, given as key, value, ... */
  public double sum(String name, String... labels) {
    return matching(name, labels).stream().mapToDouble(Sample::value).sum();
  }

  /** A family's samples whose labels hold {@code labels}, given as key, value, ... */
  public List<Sample> matching(String name, String... labels) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name))
        .filter(sample -> holds(sample, Arrays.asList(labels)))
        .toList();
  }

  private static boolean holds(Sample sample, List<String> labels) {
    for (int i = 0; i < labels.size(); i += 2) {
      if (!labels.get(i + 1).equals(sample.labels().get(labels.get(i)))) {
        return false;
      }
    }
    return true;
  }
}
