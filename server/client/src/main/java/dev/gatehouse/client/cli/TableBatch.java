package dev.gatehouse.client.cli;

import dev.gatehouse.client.GatehouseClient;
import dev.gatehouse.client.ModelDescription;
import dev.gatehouse.client.Query;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Csv;
import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.v1.PredictResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows of a table.
 *
 * @param names file and line of each row
 * @param values {@code [rows, columns]} numbers, and indices of categories
 */
record TableBatch(List<String> names, float[] values) implements RowBatch {
  private static final int MOST_ROWS = 1_000;

  /**
   * Every row of a table in batches. Columns are found by their names; those that the model does
   * not take, the label among them, are passed over.
   *
   * @param source names the table in messages
   * @throws BadInput when the model takes no columns, the table lacks one, or a cell is no value of
   *     its column
   */
  static List<RowBatch> of(String source, Csv table, ModelDescription model) {
    if (model.columns().isEmpty()) {
      throw new BadInput(
          "%s: the model %s takes no columns; a row is %s of shape %s%s"
              .formatted(
                  source,
                  model.model(),
                  model.datatype(),
                  model.shape(),
                  model.takesImages() ? ": give PNG or JPEG files" : ""));
    }
    int[] cellOf = cells(source, table.header(), model);
    List<RowBatch> batches = new ArrayList<>();
    List<Csv.Row> rows = new ArrayList<>();
    while (table.hasNext()) {
      rows.add(table.next());
      if (rows.size() == MOST_ROWS || !table.hasNext()) {
        batches.add(batch(source, rows, model.columns(), cellOf));
        rows.clear();
      }
    }
    if (batches.isEmpty()) {
      throw new BadInput(source + ": has no row below its first line");
    }
    return batches;
  }

  /** Names of a model's columns, for a message. */
  static String names(ModelDescription model) {
    return model.columns().stream().map(Column::name).collect(Collectors.joining(", "));
  }

  private static int[] cells(String source, List<String> header, ModelDescription model) {
    return model.columns().stream()
        .mapToInt(
            column -> {
              int at = header.indexOf(column.name());
              if (at < 0) {
                throw new BadInput(
                    "%s: has no column '%s'; the model %s takes %s"
                        .formatted(source, column.name(), model.model(), names(model)));
              }
              return at;
            })
        .toArray();
  }

  private static RowBatch batch(
      String source, List<Csv.Row> rows, List<Column> columns, int[] cellOf) {
    List<String> names = new ArrayList<>();
    float[] values = new float[rows.size() * columns.size()];
    for (int row = 0; row < rows.size(); row++) {
      long line = rows.get(row).line();
      names.add(source + ":" + line);
      for (int c = 0; c < columns.size(); c++) {
        try {
          String cell = rows.get(row).cells().get(cellOf[c]);
          values[row * columns.size() + c] = columns.get(c).value(cell);
        } catch (BadInput e) {
          throw new BadInput("%s: line %d, %s".formatted(source, line, e.getMessage()), e);
        }
      }
    }
    return new TableBatch(names, values);
  }

  @Override
  public PredictResponse ask(GatehouseClient client, Query query) {
    return client.predictFp32(query, names.size(), values);
  }
}
