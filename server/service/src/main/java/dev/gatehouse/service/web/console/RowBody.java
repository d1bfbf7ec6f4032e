package dev.gatehouse.service.web.console;

import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.service.rows.ImageRow;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One row from the body of a request: a PNG or JPEG image of the model's size, or the row's values
 * as JSON, {@code {"values": [...]}}, before normalisation.
 *
 * @param input what the model takes
 */
record RowBody(InputSpec input) {
  /** The body as JSON. */
  record Values(float[] values) {}

  /**
   * Reads a row.
   *
   * @throws BadInput when the body is of another type, damaged, or no such row
   */
  Rows read(String contentType, byte[] body) {
    return switch (contentType) {
      case "image/png", "image/jpeg" -> {
        byte[] row = new ImageRow(input).decode(new ByteArrayInputStream(body));
        yield Rows.ofUint8(1, ByteBuffer.wrap(row));
      }
      case "application/json" -> {
        String text = new String(body, StandardCharsets.UTF_8);
        float[] values = Json.parse(text, Values.class, "the body").values();
        int elements = input.shape().elements();
        if (values.length != elements) {
          throw new BadInput("a row has %d values; values=%d".formatted(elements, values.length));
        }
        yield Rows.of(1, values);
      }
      default ->
          throw new BadInput(
              "Content-Type is image/png, image/jpeg, or application/json for {\"values\": [...]};"
                  + " Content-Type="
                  + contentType);
    };
  }
}
