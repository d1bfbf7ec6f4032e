package dev.gatehouse.service.app;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of this build. */
final class Version {
  private static final String RESOURCE = "/dev/gatehouse/service/version.properties";

  private Version() {}

  /** The version as the build wrote it. */
  static String current() {
    Properties properties = new Properties();
    try (InputStream resource = Version.class.getResourceAsStream(RESOURCE)) {
      properties.load(resource);
    } catch (IOException e) {
      throw new IllegalStateException("the build's version cannot be read", e);
    }
    return properties.getProperty("version");
  }
}
