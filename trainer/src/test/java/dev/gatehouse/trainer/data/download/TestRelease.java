package dev.gatehouse.trainer.data.download;

import dev.gatehouse.proto.file.Sha256;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A release of small files whose content is drawn, so that no two pieces are alike.
 *
 * @param name of the data set
 * @param files content by name
 */
record TestRelease(String name, Map<String, byte[]> files) {
  /** A set "tiny" of files of so many bytes, called a, b and so on. */
  static TestRelease of(int... sizes) {
    Random random = new Random(17);
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int size : sizes) {
      byte[] content = new byte[size];
      random.nextBytes(content);
      files.put(String.valueOf((char) ('a' + files.size())), content);
    }
    return new TestRelease("tiny", files);
  }

  byte[] content(String file) {
    byte[] content = files.get(file);
    if (content == null) {
      throw new IllegalArgumentException("no file " + file);
    }
    return content;
  }

  /** The first bytes of a file. */
  byte[] first(String file, int bytes) {
    return Arrays.copyOf(content(file), bytes);
  }

  /** The release, with these homes. */
  Release at(String... homes) {
    List<ReleasedFile> released =
        files.entrySet().stream()
            .map(f -> new ReleasedFile(f.getKey(), f.getValue().length, Sha256.of(f.getValue())))
            .toList();
    return new Release(name, List.of(homes), released);
  }

  /** What a server of the files has, below {@code path}. */
  Map<String, byte[]> served(String path) {
    Map<String, byte[]> served = new LinkedHashMap<>();
    files.forEach((file, content) -> served.put(path + file, content));
    return served;
  }
}
