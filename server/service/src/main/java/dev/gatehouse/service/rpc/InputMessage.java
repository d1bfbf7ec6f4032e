package dev.gatehouse.service.rpc;

import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.v1.Category;
import dev.gatehouse.proto.v1.Input;
import dev.gatehouse.proto.v1.Number;

/** What a row of a model is, in the words of {@code gatehouse.v1}. */
final class InputMessage {
  private InputMessage() {}

  static Input of(InputSpec input) {
    Input.Builder message =
        Input.newBuilder()
            .setName(input.name())
            .setDatatype(
                switch (input.datatype()) {
                  case UINT8 -> Input.Datatype.DATATYPE_UINT8;
                  case FP32 -> Input.Datatype.DATATYPE_FP32;
                })
            .addAllShape(input.shape().dims())
            .setMin(input.min())
            .setMax(input.max());
    input.columns().forEach(column -> message.addColumns(of(column)));
    return message.build();
  }

  private static dev.gatehouse.proto.v1.Column of(Column column) {
    var message = dev.gatehouse.proto.v1.Column.newBuilder().setName(column.name());
    if (column instanceof Column.Category category) {
      return message.setCategory(Category.newBuilder().addAllValues(category.values())).build();
    }
    Column.Numeric number = (Column.Numeric) column;
    return message
        .setNumber(Number.newBuilder().setMean(number.mean()).setStd(number.std()))
        .build();
  }
}
