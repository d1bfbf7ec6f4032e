package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.BadInput;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads the IDX format of the MNIST release, gzip-compressed or not.
 *
 * <p>All numbers are big-endian, 32 bits: a magic number, 0x00000803 for unsigned bytes in three
 * dimensions (images) and 0x00000801 for unsigned bytes in one (labels); the size of each
 * dimension; then the bytes, row-major, and nothing after them. Whether a file is compressed is
 * told by its first two bytes (RFC 1952: 1f 8b), not by its name.
 */
final class IdxFile {
  private static final int IMAGES = 0x00000803;
  private static final int LABELS = 0x00000801;

  /** Deflate (RFC 1951) makes at most 258 bytes of 2 bits, so no stream grows by more than this. */
  private static final long LARGEST_GROWTH = 1032;

  private final Path file;
  private final InputStream in;
  private final long mostBytes;

  private IdxFile(Path file, InputStream in, long mostBytes) {
    this.file = file;
    this.in = in;
    this.mostBytes = mostBytes;
  }

  /**
   * The pixels of all images, [n, height, width].
   *
   * @throws BadInput when the file is missing, is no IDX file of such images, is cut short or goes
   *     on after its last image
   */
  static byte[] images(Path file, int height, int width) {
    return read(file, idx -> idx.images(height, width));
  }

  /**
   * The labels, [n].
   *
   * @throws BadInput when the file is missing, is no IDX file of labels, is cut short or goes on
   *     after its last label
   */
  static byte[] labels(Path file) {
    return read(file, IdxFile::labels);
  }

  @FunctionalInterface
  private interface Reading {
    byte[] from(IdxFile idx) throws IOException;
  }

  private static byte[] read(Path file, Reading reading) {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      long size = Files.size(file);
      if (isGzip(raw)) {
        try (InputStream unpacked = new GZIPInputStream(raw, 1 << 16)) {
          return reading.from(new IdxFile(file, unpacked, size * LARGEST_GROWTH));
        }
      }
      return reading.from(new IdxFile(file, raw, size));
    } catch (java.nio.file.NoSuchFileException e) {
      throw new BadInput(file + ": no such file", e);
    } catch (EOFException e) {
      throw new BadInput(file + ": the gzip stream is cut short; fetch the file again", e);
    } catch (ZipException e) {
      throw new BadInput(file + ": the gzip stream is damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new BadInput(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean isGzip(InputStream raw) throws IOException {
    raw.mark(2);
    byte[] start = raw.readNBytes(2);
    raw.reset();
    return start.length == 2 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b;
  }

  private byte[] images(int height, int width) throws IOException {
    ByteBuffer header = header(IMAGES, 3, "images");
    long rows = Integer.toUnsignedLong(header.getInt(8));
    long columns = Integer.toUnsignedLong(header.getInt(12));
    if (rows != height || columns != width) {
      throw new BadInput(
          "%s: images of %d x %d pixels; they must be %d x %d"
              .formatted(file, rows, columns, height, width));
    }
    return body(header, height * width, "images");
  }

  private byte[] labels() throws IOException {
    ByteBuffer header = header(LABELS, 1, "labels");
    return body(header, 1, "labels");
  }

  private ByteBuffer header(int magic, int dimensions, String what) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(in.readNBytes(4 + 4 * dimensions));
    if (header.capacity() >= 4 && header.getInt(0) != magic) {
      throw new BadInput(
          "%s: magic number 0x%08x; an IDX file of %s begins with 0x%08x"
              .formatted(file, header.getInt(0), what, magic));
    }
    if (header.capacity() < 4 + 4 * dimensions) {
      throw new BadInput(
          "%s: truncated: an IDX header of %s takes %d bytes; the file has %d"
              .formatted(file, what, 4 + 4 * dimensions, header.capacity()));
    }
    return header;
  }

  /**
   * The rest of the file, which must be the items that the header counts; allocates no more than is
   * there.
   */
  private byte[] body(ByteBuffer header, int itemBytes, String what) throws IOException {
    long count = Integer.toUnsignedLong(header.getInt(4));
    long announced = count * itemBytes;
    int headerBytes = header.capacity();
    if (announced > mostBytes - headerBytes || announced > Integer.MAX_VALUE - 8) {
      throw new BadInput(
          "%s: truncated: the header announces %d %s, %d bytes; the file has room for %d"
              .formatted(file, count, what, announced, mostBytes - headerBytes));
    }
    byte[] body = in.readNBytes((int) announced);
    if (body.length < announced) {
      throw new BadInput(
          "%s: truncated: the header announces %d %s, %d bytes; %d follow"
              .formatted(file, count, what, announced, body.length));
    }
    if (in.read() >= 0) {
      throw new BadInput(
          "%s: over-long: more bytes follow the %d %s that the header announces"
              .formatted(file, count, what));
    }
    return body;
  }
}
