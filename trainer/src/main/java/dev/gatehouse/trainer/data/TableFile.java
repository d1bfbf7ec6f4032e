package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Csv;
import dev.gatehouse.proto.file.Safetensors.DType;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Columns;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.InputSpec.Normalisation;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.trainer.config.DataRef;
import dev.gatehouse.trainer.config.DataRef.ColumnKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A CSV file with a header: one column holds the class, the others are features. The file is read
 * twice, once to learn what its columns are and once for the rows.
 *
 * @param ref the file and how to read it
 */
record TableFile(DataRef.Table ref) {
  /** Stands between cells in what a row is hashed by; no text holds it. */
  private static final String SEPARATOR = "\u001f";

  /**
   * Reads every row.
   *
   * @throws BadInput when the file is none, lacks a column that is named, or has a cell that is
   *     missing or of another kind than its column
   */
  DataSet load() {
    List<TableColumn> columns = columns();
    TableColumn label = columns.get(labelIndex(columns.stream().map(TableColumn::name).toList()));
    List<TableColumn> features =
        columns.stream().filter(c -> c != label && c.kind() != ColumnKind.IGNORE).toList();
    if (features.isEmpty()) {
      throw new BadInput(
          "%s: has no column beside the label '%s'; are the cells separated by commas?"
              .formatted(ref.file(), label.name()));
    }
    List<String> classes = label.classes();
    List<Column> raw = features.stream().map(TableFile::unscaled).toList();
    return read(features, raw, label, classes).split(train -> input(raw, Moments.of(train.rows())));
  }

  // --- what the columns are --------------------------------------------------------------------

  private List<TableColumn> columns() {
    try (Csv csv = Csv.open(ref.file())) {
      List<TableColumn> columns = named(csv.header());
      while (csv.hasNext()) {
        Csv.Row row = csv.next();
        for (int c = 0; c < columns.size(); c++) {
          columns.get(c).meet(row.line(), row.cells().get(c));
        }
      }
      return columns;
    }
  }

  private List<TableColumn> named(List<String> header) {
    for (String name : ref.columns().keySet()) {
      requireColumn(header, name);
    }
    int label = labelIndex(header);
    List<TableColumn> columns = new ArrayList<>();
    for (int c = 0; c < header.size(); c++) {
      String name = header.get(c);
      ColumnKind asked = ref.columns().get(name);
      if (c == label && asked != null) {
        throw new BadInput(
            "%s: column '%s' is the label, and cannot be a feature as well"
                .formatted(ref.file(), name));
      }
      columns.add(
          new TableColumn(ref.file().toString(), name, c == label ? ColumnKind.CATEGORY : asked));
    }
    return columns;
  }

  private int labelIndex(List<String> header) {
    if (ref.label() == null) {
      return header.size() - 1;
    }
    requireColumn(header, ref.label());
    return header.indexOf(ref.label());
  }

  private void requireColumn(List<String> header, String name) {
    if (!header.contains(name)) {
      throw new BadInput(
          "%s: has no column '%s'; it has %s"
              .formatted(ref.file(), name, String.join(", ", header)));
    }
  }

  /** A column before the training rows are known. */
  private static Column unscaled(TableColumn column) {
    return column.kind() == ColumnKind.NUMBER
        ? new Column.Numeric(column.name(), 0, 1)
        : new Column.Category(column.name(), column.values());
  }

  private static InputSpec input(List<Column> raw, Normalisation moments) {
    List<Column> scaled =
        IntStream.range(0, raw.size())
            .mapToObj(
                c ->
                    raw.get(c) instanceof Column.Numeric number
                        ? new Column.Numeric(
                            number.name(), moments.mean().get(c), moments.std().get(c))
                        : raw.get(c))
            .toList();
    return new InputSpec(
        "features",
        Datatype.FP32,
        Shape.of(scaled.size()),
        -Float.MAX_VALUE,
        Float.MAX_VALUE,
        new Columns(scaled));
  }

  // --- the rows --------------------------------------------------------------------------------

  private OwnData read(
      List<TableColumn> features, List<Column> columns, TableColumn label, List<String> classes) {
    HashSplit hash = new HashSplit(ref.seed());
    int count = label.count();
    ByteBuffer values =
        ByteBuffer.allocate(Math.multiplyExact(4 * columns.size(), count))
            .order(ByteOrder.LITTLE_ENDIAN);
    int[] labels = new int[count];
    List<Split> splits = new ArrayList<>(count);
    try (Csv csv = Csv.open(ref.file())) {
      int[] at = features.stream().mapToInt(f -> csv.header().indexOf(f.name())).toArray();
      int labelAt = csv.header().indexOf(label.name());
      while (csv.hasNext()) {
        List<String> cells = csv.next().cells();
        for (int c = 0; c < at.length; c++) {
          values.putFloat(columns.get(c).value(cells.get(at[c])));
        }
        labels[splits.size()] = classes.indexOf(cells.get(labelAt));
        splits.add(hash.of(String.join(SEPARATOR, cells)));
      }
    }
    Tensor rows = new Tensor(DType.F32, List.of(count, columns.size()), values.flip());
    return new OwnData(
        ref.name(), ref.file().toString(), classes, new LabelledRows(rows, labels), splits);
  }
}
