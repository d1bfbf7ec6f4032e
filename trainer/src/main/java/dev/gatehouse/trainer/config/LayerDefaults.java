package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.network.Network.Tap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What may be left out where networks are written by hand. */
final class LayerDefaults {
  private LayerDefaults() {}

  /**
   * Fills in {@code hidden} of each network, and {@code padding} and {@code bias} of conv2d.
   *
   * @param gate which reads the last hidden layer of the network {@code gate} in its own way
   */
  static void fill(ObjectNode networks, GateKind gate) {
    for (var network : networks.properties()) {
      if (network.getValue() instanceof ObjectNode one) {
        if (!one.has("hidden")) {
          Tap tap = network.getKey().equals("gate") ? gate.tap() : Tap.AFTER_RELU;
          one.set("hidden", Json.node(tap));
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
