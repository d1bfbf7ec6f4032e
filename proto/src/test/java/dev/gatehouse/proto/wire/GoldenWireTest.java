package dev.gatehouse.proto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schemas keep what was promised: {@code docs/compatibility.md}. */
class GoldenWireTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @Test
  void shouldBreakNothingThatWasPromised() throws IOException {
    assertThat(GoldenWire.breaks(GoldenWire.promised(GOLDEN), GoldenWire.current()))
        .as("a schema that breaks goes into a package of its own; see docs/compatibility.md")
        .isEmpty();
  }

  @Test
  void shouldPromiseAllThatThereIs() throws IOException {
    assertThat(GoldenWire.current())
        .as("the schemas have grown; if that is meant, write them as GoldenWire's comment says")
        .isEqualTo(GoldenWire.promised(GOLDEN));
  }

  @Test
  void shouldKnowEverySchemaOfTheModule() throws IOException {
    Path sources = Path.of("src/main/protobuf");
    List<String> files;
    try (var paths = Files.walk(sources)) {
      files =
          paths
              .filter(path -> path.toString().endsWith(".proto"))
              .map(path -> sources.relativize(path).toString().replace('\\', '/'))
              .toList();
    }

    assertThat(GoldenWire.current().values().stream().flatMap(set -> set.getFileList().stream()))
        .extracting(FileDescriptorProto::getName)
        .containsExactlyInAnyOrderElementsOf(files);
  }

  @Test
  void shouldNotForgetAPromiseWhenItIsWrittenAgain(@TempDir Path folder) throws IOException {
    FileDescriptorSet promised = GoldenWire.current().get("gatehouse.v1");
    FileDescriptorSet.Builder more = promised.toBuilder();
    more.getFileBuilder(0).addMessageTypeBuilder().setName("Forgotten");
    Path file = folder.resolve("gatehouse.v1.binpb");
    Files.write(file, more.build().toByteArray());

    assertThatThrownBy(() -> GoldenWire.write(folder))
        .hasMessage("message gatehouse.v1.Forgotten is gone");
    assertThat(Files.readAllBytes(file)).isEqualTo(more.build().toByteArray());

    Files.delete(file);
    GoldenWire.write(folder);
    assertThat(GoldenWire.promised(folder)).isEqualTo(GoldenWire.current());
  }
}
