package dev.gatehouse.trainer.config;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What may be left out where networks are written by hand. */
final class LayerDefaults {
  private LayerDefaults() {}

  /** Fills in {@code hidden} of each network, and {@code padding} and {@code bias} of conv2d. */
  static void fill(ObjectNode networks) {
    for (var network : networks.properties()) {
      if (network.getValue() instanceof ObjectNode one) {
        if (!one.has("hidden")) {
          one.put("hidden", "after_relu");
        }
        if (one.get("trunk") instanceof ArrayNode layers) {
          layers.forEach(LayerDefaults::fillLayer);
        }
      }
    }
  }

  private static void fillLayer(JsonNode layer) {
    if (layer instanceof ObjectNode one && one.path("layer").asString("").equals("conv2d")) {
      if (!one.has("padding")) {
        one.put("padding", 0);
      }
      if (!one.has("bias")) {
        one.put("bias", true);
      }
    }
  }
}
