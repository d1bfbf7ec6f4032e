package dev.gatehouse.client;

import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.proto.v1.DescribeResponse;
import dev.gatehouse.proto.v1.Input;
import java.util.List;

/**
 * What a server says of a model.
 *
 * @param model its name
 * @param version its version
 * @param datatype natural type of a row's values
 * @param shape shape of a row
 * @param columns one an element of the row where rows come from a table; empty for any other row
 * @param classes names of the classes, in the order of the probabilities
 */
public record ModelDescription(
    String model,
    int version,
    Datatype datatype,
    Shape shape,
    List<Column> columns,
    List<String> classes) {
  /** Copies the lists. */
  public ModelDescription {
    columns = List.copyOf(columns);
    classes = List.copyOf(classes);
  }

  static ModelDescription of(DescribeResponse answer) {
    Input input = answer.getInput();
    return new ModelDescription(
        answer.getModel(),
        answer.getVersion(),
        input.getDatatype() == Input.Datatype.DATATYPE_UINT8 ? Datatype.UINT8 : Datatype.FP32,
        new Shape(input.getShapeList()),
        input.getColumnsList().stream().map(ModelDescription::column).toList(),
        answer.getClassesList());
  }

  private static Column column(dev.gatehouse.proto.v1.Column column) {
    return column.hasCategory()
        ? new Column.Category(column.getName(), column.getCategory().getValuesList())
        : new Column.Numeric(
            column.getName(), column.getNumber().getMean(), column.getNumber().getStd());
  }

  /** True where a row is a grey or coloured image of bytes. */
  public boolean takesImages() {
    return datatype == Datatype.UINT8
        && shape.isImage()
        && (shape.dims().get(0) == 1 || shape.dims().get(0) == 3);
  }
}
