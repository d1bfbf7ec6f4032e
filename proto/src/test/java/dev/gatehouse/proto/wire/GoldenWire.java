package dev.gatehouse.proto.wire;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.oip.OpenInferenceProto;
import dev.gatehouse.proto.v1.PredictionProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The schemas that are promised to everybody outside, one descriptor set a protobuf package: {@code
 * src/test/resources/golden/PACKAGE.binpb}. After an addition they are written again:
 *
 * <pre>{@code
 * mvn -DskipTests package
 * java -cp "proto/target/test-classes:deploy/cli/target/lib/*" \
 *     dev.gatehouse.proto.wire.GoldenWire proto/src/test/resources/golden
 * }</pre>
 *
 * <p>It refuses to forget what was promised: a schema that breaks goes into a package of its own.
 */
public final class GoldenWire {
  /** Every schema of this module. */
  private static final List<FileDescriptor> FILES =
      List.of(OpenInferenceProto.getDescriptor(), PredictionProto.getDescriptor());

  private GoldenWire() {}

  /** The schemas as they are compiled now, by package. */
  static Map<String, FileDescriptorSet> current() {
    Map<String, List<FileDescriptorProto>> byPackage =
        FILES.stream()
            .map(FileDescriptor::toProto)
            .collect(Collectors.groupingBy(FileDescriptorProto::getPackage));
    Map<String, FileDescriptorSet> sets = new TreeMap<>();
    byPackage.forEach(
        (name, files) -> sets.put(name, FileDescriptorSet.newBuilder().addAllFile(files).build()));
    return sets;
  }

  /** The schemas as they were promised, by package. */
  static Map<String, FileDescriptorSet> promised(Path folder) throws IOException {
    Map<String, FileDescriptorSet> sets = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString().replaceFirst("\\.binpb$", "");
        sets.put(name, FileDescriptorSet.parseFrom(Files.readAllBytes(file)));
      }
    }
    return sets;
  }

  /** What {@code newer} breaks of {@code older}, over all packages. */
  static List<String> breaks(
      Map<String, FileDescriptorSet> older, Map<String, FileDescriptorSet> newer) {
    FileDescriptorSet nothing = FileDescriptorSet.getDefaultInstance();
    return older.entrySet().stream()
        .flatMap(
            entry ->
                WireBreaks.between(entry.getValue(), newer.getOrDefault(entry.getKey(), nothing))
                    .stream())
        .toList();
  }

  /**
   * Writes the schemas as they are compiled now.
   *
   * @throws IllegalStateException when they break what was promised; nothing is written then
   */
  static void write(Path folder) throws IOException {
    List<String> breaks = breaks(promised(folder), current());
    if (!breaks.isEmpty()) {
      throw new IllegalStateException(String.join("\n", breaks));
    }
    for (var entry : current().entrySet()) {
      AtomicFiles.write(
          folder.resolve(entry.getKey() + ".binpb"),
          ByteBuffer.wrap(entry.getValue().toByteArray()));
    }
  }

  /** Writes them to the folder that {@code arguments} name. */
  public static void main(String[] arguments) throws IOException {
    write(Path.of(arguments[0]));
  }
}
