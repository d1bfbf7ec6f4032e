package dev.gatehouse.proto.file;

import dev.gatehouse.proto.BadInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads comma-separated values (RFC 4180, UTF-8) with a header, row by row. Empty lines are passed
 * over, and blanks around a cell are no part of it; what is wrong is named with its line.
 */
public final class Csv implements Iterator<Csv.Row>, AutoCloseable {
  private static final int BYTE_ORDER_MARK = 0xfeff;

  private final String source;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private final List<String> header;

  /**
   * One row.
   *
   * @param line where it begins, from 1
   * @param cells as many as the header has
   */
  public record Row(long line, List<String> cells) {
    /** Copies the list. */
    public Row {
      cells = List.copyOf(cells);
    }
  }

  private Csv(String source, CSVParser parser) {
    this.source = source;
    this.parser = parser;
    this.records = parser.iterator();
    if (!sound(records::hasNext)) {
      throw new BadInput(source + ": is empty; its first line must name the columns");
    }
    this.header = sound(records::next).stream().map(String::strip).toList();
    requireNames();
  }

  /**
   * Opens a file and reads its header.
   *
   * @throws BadInput when it is missing, or its header names no columns or one twice
   */
  public static Csv open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInput(file + ": no such file");
    }
    try {
      return open(file.toString(), Files.newInputStream(file));
    } catch (IOException e) {
      throw new BadInput(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a stream's header.
   *
   * @param source names the stream in messages
   * @throws BadInput when the header names no columns or one twice
   */
  public static Csv open(String source, InputStream stream) {
    // A decoder of its own: it refuses what is no UTF-8, where the default would put a mark.
    Reader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8.newDecoder()));
    try {
      reader.mark(1);
      if (reader.read() != BYTE_ORDER_MARK) {
        reader.reset();
      }
      CSVFormat format = CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get();
      return new Csv(source, CSVParser.parse(reader, format));
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  private void requireNames() {
    Set<String> names = new HashSet<>();
    for (String name : header) {
      if (name.isEmpty()) {
        throw new BadInput(
            source + ": column " + (header.indexOf(name) + 1) + " has no name in the first line");
      }
      if (!names.add(name)) {
        throw new BadInput(source + ": the first line names the column '" + name + "' twice");
      }
    }
  }

  /** Names of the columns. */
  public List<String> header() {
    return header;
  }

  /**
   * True when another row follows.
   *
   * @throws BadInput when what follows is no row
   */
  @Override
  public boolean hasNext() {
    return sound(records::hasNext);
  }

  /**
   * The next row.
   *
   * @throws BadInput when it has more or fewer cells than the header
   */
  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException(source);
    }
    CSVRecord cells = records.next();
    long line = parser.getCurrentLineNumber() - lineBreaks(cells);
    if (cells.size() != header.size()) {
      throw new BadInput(
          "%s: line %d has %d cells where the first line has %d"
              .formatted(source, line, cells.size(), header.size()));
    }
    return new Row(line, cells.stream().map(String::strip).toList());
  }

  private static long lineBreaks(CSVRecord cells) {
    return cells.stream().flatMapToInt(String::chars).filter(c -> c == '\n').count();
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read();
  }

  private <T> T sound(Reading<T> reading) {
    try {
      return reading.read();
    } catch (UncheckedIOException e) {
      throw unreadable(source, e);
    }
  }

  private static BadInput unreadable(String source, Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String reason =
        cause instanceof CharacterCodingException
            ? "is not UTF-8"
            : String.valueOf(cause.getMessage());
    return new BadInput(source + ": cannot be read: " + reason, e);
  }

  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }
}
