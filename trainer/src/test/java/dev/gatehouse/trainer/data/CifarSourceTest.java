package dev.gatehouse.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.trainer.data.download.Release;
import dev.gatehouse.trainer.data.download.ReleasedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tiny releases of CIFAR that are right, and every way in which they can be wrong. */
class CifarSourceTest {
  private static final int PIXELS = 3072;

  @TempDir private Path folder;

  /** Two rows a batch, of classes 0 to 9; batches.meta.txt ends in an empty line, as released. */
  private static Map<String, byte[]> cifar10() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int batch = 1; batch <= 5; batch++) {
      files.put(
          "data_batch_" + batch + ".bin",
          join(record(2 * batch, 2 * batch - 2), record(2 * batch + 1, 2 * batch - 1)));
    }
    files.put("test_batch.bin", record(99, 7));
    files.put("batches.meta.txt", names(10, "\n"));
    return files;
  }

  /** A training row of each of the 100 classes in its family, class modulo 20. */
  private static Map<String, byte[]> cifar100() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(
        "train.bin",
        join(IntStream.range(0, 100).mapToObj(c -> record(c, c % 20, c)).toArray(byte[][]::new)));
    files.put("test.bin", join(record(5, 3, 43), record(6, 4, 44)));
    files.put("fine_label_names.txt", names(100, ""));
    files.put("coarse_label_names.txt", names(20, ""));
    return files;
  }

  @Test
  void shouldHoldOutTheLastFifthOfAllBatches() throws IOException {
    archive(CifarSource.CIFAR_10, cifar10());

    DataSet data = DataSets.load("cifar-10", folder);

    assertThat(data.train().labels()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(data.validation().labels()).containsExactly(8, 9);
    assertThat(data.test().labels()).containsExactly(7);
    assertThat(data.classes()).startsWith("class-0").hasSize(10);
    assertThat(data.families()).isEmpty();
    assertThat(data.train().rows().shape()).containsExactly(8, 3, 32, 32);
    // Pixel i of the record marked m has the value (i + m) modulo 251; row 3 is marked 5.
    assertThat(data.train().slice(3, 4).rows().data().get(2050) & 0xff).isEqualTo((2050 + 5) % 251);
  }

  @Test
  void shouldReadFineLabelsWithTheirFamilies() throws IOException {
    archive(CifarSource.CIFAR_100, cifar100());

    DataSet data = DataSets.load("cifar-100", folder);

    assertThat(data.train().size()).isEqualTo(80);
    assertThat(data.validation().labels()).startsWith(80).endsWith(99);
    assertThat(data.test().labels()).containsExactly(43, 44);
    assertThat(data.families()).hasSize(100).startsWith(0, 1).endsWith(18, 19);
    assertThat(data.test().rows().data().get(9) & 0xff).isEqualTo(9 + 5);
  }

  @Test
  void shouldReadUnpackedFilesWhereverTheyLie() throws IOException {
    archive(CifarSource.CIFAR_100, cifar100());
    String packed = DataSets.load("cifar-100", folder).fingerprint();
    Files.delete(folder.resolve("cifar-100-binary.tar.gz"));

    for (String place :
        List.of("", "cifar-100", "cifar-100-binary", "cifar-100/cifar-100-binary")) {
      Path flat = folder.resolve("at-" + place.replace('/', '-')).resolve(place);
      Files.createDirectories(flat);
      for (var file : cifar100().entrySet()) {
        Files.write(flat.resolve(file.getKey()), file.getValue());
      }
      Path dir = folder.resolve("at-" + place.replace('/', '-'));
      assertThat(DataSets.load("cifar-100", dir).fingerprint()).as(place).isEqualTo(packed);
    }
  }

  @Test
  void shouldReadTheArchivesThatAreDownloaded() {
    for (Map.Entry<CifarSource, Release> pair :
        Map.of(
                CifarSource.CIFAR_10, Release.CIFAR_10, //
                CifarSource.CIFAR_100, Release.CIFAR_100)
            .entrySet()) {
      assertThat(pair.getValue().files())
          .extracting(ReleasedFile::name)
          .containsExactly(pair.getKey().files().archive());
    }
  }

  @Test
  void shouldSayWhatToPutWhere() throws IOException {
    refused(CifarSource.CIFAR_100, "cifar-100-binary.tar.gz is missing in " + folder);
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> CifarSource.CIFAR_10.load(folder.resolve("nowhere")))
        .withMessageContaining("nowhere is no folder");

    Map<String, byte[]> files = cifar10();
    files.remove("data_batch_3.bin");
    archive(CifarSource.CIFAR_10, files);
    refused(CifarSource.CIFAR_10, "data_batch_3.bin is missing in ", "cifar-10-binary.tar.gz");
  }

  @Test
  void shouldRefuseAnArchiveThatIsCutShortAnywhere() throws IOException {
    Path archive = archive(CifarSource.CIFAR_10, cifar10());
    byte[] whole = Files.readAllBytes(archive);
    for (int length = 0; length < whole.length - 200; length += 97) {
      Files.write(archive, Arrays.copyOf(whole, length));
      refused(CifarSource.CIFAR_10, archive.toString());
    }
  }

  @Test
  void shouldRefuseWhatIsNoArchive() throws IOException {
    Files.write(folder.resolve("cifar-10-binary.tar.gz"), new byte[4000]);

    refused(CifarSource.CIFAR_10, "is no whole .tar.gz; fetch it again: Not in GZIP format");
  }

  @Test
  void shouldRefuseRecordsThatAreNotWhole() throws IOException {
    Map<String, byte[]> files = cifar10();
    files.put("data_batch_2.bin", Arrays.copyOf(record(0, 1), 3000));
    archive(CifarSource.CIFAR_10, files);

    refused(
        CifarSource.CIFAR_10,
        "data_batch_2.bin: 3000 bytes are no whole number of records of 3073");
  }

  @Test
  void shouldRefuseLabelsAndFamiliesThatCannotBe() throws IOException {
    Map<String, byte[]> ten = cifar10();
    ten.put("data_batch_5.bin", join(record(0, 9), record(0, 10)));
    archive(CifarSource.CIFAR_10, ten);
    refused(CifarSource.CIFAR_10, "data_batch_5.bin: record 1 has label 10", "[0, 10)");

    Map<String, byte[]> hundred = cifar100();
    hundred.put("test.bin", record(0, 4, 43));
    archive(CifarSource.CIFAR_100, hundred);
    refused(
        CifarSource.CIFAR_100,
        "test.bin: record 0 puts class 43 into family 4, an earlier one into 3");

    hundred = cifar100();
    hundred.put("train.bin", Arrays.copyOf(hundred.get("train.bin"), 40 * (PIXELS + 2)));
    archive(CifarSource.CIFAR_100, hundred);
    refused(CifarSource.CIFAR_100, "has no row of class 'class-40'");
  }

  @Test
  void shouldRefuseANumberOfNamesThatIsNotTheClasses() throws IOException {
    Map<String, byte[]> files = cifar10();
    files.put("batches.meta.txt", names(9, ""));
    archive(CifarSource.CIFAR_10, files);

    refused(CifarSource.CIFAR_10, "batches.meta.txt names 9 classes, one a line; they must be 10");
  }

  private void refused(CifarSource source, String... parts) {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> source.load(folder))
        .withMessageContainingAll(parts)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  private Path archive(CifarSource source, Map<String, byte[]> files) throws IOException {
    Path archive = folder.resolve(source.files().archive());
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(archive)))) {
      for (var file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(source.files().folder() + "/" + file.getKey());
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
    return archive;
  }

  private static byte[] record(int mark, int... labels) {
    byte[] bytes = new byte[labels.length + PIXELS];
    for (int i = 0; i < labels.length; i++) {
      bytes[i] = (byte) labels[i];
    }
    for (int i = 0; i < PIXELS; i++) {
      bytes[labels.length + i] = (byte) ((i + mark) % 251);
    }
    return bytes;
  }

  private static byte[] names(int count, String end) {
    return IntStream.range(0, count)
        .mapToObj(c -> "class-" + c + "\n")
        .collect(Collectors.joining("", "", end))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
