package dev.gatehouse.service.web;

import java.util.HashMap;
import java.util.Map;

/**
 * What stands where. A path that can be read answers HEAD as well.
 *
 * @param read resources by path, for GET
 * @param ask resources by path, for POST
 */
public record Routes(Map<String, Resource> read, Map<String, Resource> ask) {
  /** Copies the maps. */
  public Routes {
    read = Map.copyOf(read);
    ask = Map.copyOf(ask);
  }

  /** These and {@code others}, which stand at other paths. */
  public Routes and(Routes others) {
    Map<String, Resource> reading = new HashMap<>(read);
    reading.putAll(others.read);
    Map<String, Resource> asking = new HashMap<>(ask);
    asking.putAll(others.ask);
    return new Routes(reading, asking);
  }
}
