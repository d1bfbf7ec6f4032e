package dev.gatehouse.client;

import dev.gatehouse.proto.BadInput;

/**
 * What is asked, beside the rows.
 *
 * @param model name of the model; empty where the server holds one only
 * @param version its version; 0 for the highest
 * @param routing also answer how each row was routed
 */
public record Query(String model, int version, boolean routing) {
  /** Checks the version. */
  public Query {
    if (version < 0) {
      throw new BadInput("a version is 1 or more, 0 for the highest; version=" + version);
    }
  }

  /** The only model of the server, its highest version, without routing. */
  public static Query ofOnlyModel() {
    return new Query("", 0, false);
  }

  /** The highest version of {@code model}, without routing. */
  public static Query of(String model) {
    return new Query(model, 0, false);
  }

  /** The same of one version. */
  public Query withVersion(int newVersion) {
    return new Query(model, newVersion, routing);
  }

  /** The same with the routing of each row. */
  public Query withRouting() {
    return new Query(model, version, true);
  }
}
