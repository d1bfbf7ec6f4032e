package dev.gatehouse.service.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.gatehouse.engine.pipeline.Call;
import dev.gatehouse.engine.pipeline.EngineOptions;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.TrustedKeys;
import dev.gatehouse.service.testing.Golden;
import dev.gatehouse.service.testing.ModelsOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryTest {
  @TempDir private Path folder;
  private ModelsOnDisk models;

  @BeforeEach
  void start() {
    models = new ModelsOnDisk(folder);
  }

  @Test
  void shouldLendTheHighestVersionUnlessOneIsNamed() throws IOException {
    models.copy(Golden.TOP1, 2);
    models.copy(Golden.TOP1, 10);

    try (Repository repository = load()) {
      try (Lease highest = repository.borrow(Golden.TOP1);
          Lease named = repository.borrow(Golden.TOP1, 2)) {
        assertThat(highest.served().version()).isEqualTo(10);
        assertThat(named.served().version()).isEqualTo(2);
      }
      assertThat(repository.versions(Golden.TOP1)).containsExactly(2, 10);
      assertThatThrownBy(() -> repository.borrow(Golden.TOP1, 1))
          .isInstanceOf(UnknownModel.class)
          .hasMessage("model 'tiny-top1' has no version 1; served: [2, 10]");
      assertThatThrownBy(() -> repository.borrow("nobody"))
          .isInstanceOf(UnknownModel.class)
          .hasMessage("unknown model 'nobody'; served: [tiny-top1]");
    }
  }

  @Test
  void shouldServeTheGoodVersionAndReportTheBadOne() throws IOException {
    models.copy(Golden.TOP1, 1);
    Path bad = models.copy(Golden.TOP1, 2);
    Files.delete(bad.resolve("gate.onnx"));

    try (Repository repository = load()) {
      assertThat(repository.versions(Golden.TOP1)).containsExactly(1);
      assertThat(repository.refused())
          .singleElement()
          .satisfies(e -> assertThat(e).hasMessage(bad + ": the file gate.onnx is missing"));
    }
  }

  @Test
  void shouldServeTheGoodVersionBesideOneWithNullsInItsManifest() throws IOException {
    models.copy(Golden.TOP1, 1);
    Path bad = models.copy(Golden.TOP1, 2);
    models.replace(bad, "\"name\" : \"tiny-top1\"", "\"name\" : null");

    try (Repository repository = load()) {
      assertThat(repository.versions(Golden.TOP1)).containsExactly(1);
      assertThat(repository.refused())
          .singleElement()
          .satisfies(
              e ->
                  assertThat(e)
                      .hasMessageStartingWith(bad.resolve(Bundle.MANIFEST) + ": line ")
                      .hasMessageEndingWith(": name must not be null"));
    }
  }

  @Test
  void shouldServeTheGoodVersionBesideOneThatFailsInAnyWay() throws IOException {
    models.copy(Golden.TOP1, 1);
    Path bad = models.copy(Golden.TOP1, 2);

    try (Repository repository =
        Repository.load(
            folder,
            TrustedKeys.everybody(),
            EngineOptions.defaults(),
            model -> {
              if (model.manifest().version() == 2) {
                throw new IllegalStateException("no room\nfor it");
              }
              return (routing, computed) -> {};
            })) {
      assertThat(repository.versions(Golden.TOP1)).containsExactly(1);
      assertThat(repository.refused())
          .singleElement()
          .satisfies(
              e ->
                  assertThat(e)
                      .hasMessage(
                          bad + ": cannot be loaded: java.lang.IllegalStateException: no room"));
    }
  }

  @Test
  void shouldNotMakeMetersForAVersionThatIsNotServed() throws IOException {
    models.copy(Golden.TOP1, 1);
    Files.delete(models.copy(Golden.TOP1, 2).resolve("gate.onnx"));
    List<Integer> announced = new ArrayList<>();

    Repository.load(
            folder,
            TrustedKeys.everybody(),
            EngineOptions.defaults(),
            model -> {
              announced.add(model.manifest().version());
              return (routing, computed) -> {};
            })
        .close();

    assertThat(announced).containsExactly(1);
  }

  @Test
  void shouldNotReportTheSelfTestAsTraffic() throws IOException {
    models.copy(Golden.TOP1, 1);
    List<Integer> rows = new ArrayList<>();

    try (Repository repository =
            Repository.load(
                folder,
                TrustedKeys.everybody(),
                EngineOptions.defaults(),
                model -> (routing, computed) -> rows.add(routing.rows()));
        Lease lease = repository.borrow(Golden.TOP1)) {
      assertThat(rows).isEmpty();
      lease.served().model().predict(Rows.ofUint8(2, ByteBuffer.allocate(128)));
      assertThat(rows).containsExactly(2);
    }
  }

  @Test
  void shouldKeepALentModelOpenUntilItComesBack() throws IOException {
    models.copy(Golden.TOP1, 1);
    Repository repository = load();
    Lease lease = repository.borrow(Golden.TOP1);

    repository.close();

    Rows row = Rows.ofUint8(1, ByteBuffer.allocate(64));
    assertThat(lease.served().model().predict(row).rows()).isEqualTo(1);
    assertThatThrownBy(() -> repository.borrow(Golden.TOP1)).isInstanceOf(Draining.class);
    lease.close();
    lease.close();
    assertThatThrownBy(() -> lease.served().model().predict(row)).isInstanceOf(BadInput.class);
  }

  @Test
  void shouldPassOverWritesThatHaveNotFinished() throws IOException {
    models.copy(Golden.TOP1, 1);
    Files.createDirectories(folder.resolve(Golden.TOP1).resolve(".2.partial-77"));
    Files.createDirectories(folder.resolve(".other.partial-1/1"));

    try (Repository repository = load()) {
      assertThat(repository.versions(Golden.TOP1)).containsExactly(1);
      assertThat(repository.refused()).isEmpty();
    }
  }

  @Test
  void shouldRefuseAFolderThatHoldsNothing() {
    requireRefused(
        folder
            + ": holds no model; a model is a folder NAME/VERSION/, as the command export writes");
  }

  @Test
  void shouldRefuseAFolderThatIsMissing() {
    Path missing = folder.resolve("missing");

    assertThatThrownBy(
            () ->
                Repository.load(
                    missing,
                    TrustedKeys.everybody(),
                    EngineOptions.defaults(),
                    model -> (routing, computed) -> {}))
        .isInstanceOf(BadInput.class)
        .hasMessage(missing + ": no such folder; name the one that holds NAME/VERSION/");
  }

  @Test
  void shouldSayWhichFolderIsMeantWhenABundleIsNamed() throws IOException {
    Path bundle = models.copy(Golden.TOP1, 1);

    assertThatThrownBy(
            () ->
                Repository.load(
                    bundle,
                    TrustedKeys.everybody(),
                    EngineOptions.defaults(),
                    model -> (routing, computed) -> {}))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("is itself a bundle");
    assertThatThrownBy(
            () ->
                Repository.load(
                    folder.resolve(Golden.TOP1),
                    TrustedKeys.everybody(),
                    EngineOptions.defaults(),
                    model -> (routing, computed) -> {}))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("is the folder of one model");
  }

  @Test
  void shouldServeTheGoodModelBesideABundleWithoutAVersion() throws IOException {
    models.copy(Golden.TOP1, 1);
    Path dropped = dropWithoutVersion(Golden.TOP2);

    try (Repository repository = load()) {
      assertThat(repository.served())
          .extracting(ServedModel::toString)
          .containsExactly("tiny-top1/1");
      assertThat(repository.refused())
          .singleElement()
          .satisfies(
              e ->
                  assertThat(e)
                      .hasMessage(
                          dropped
                              + ": holds a bundle without a version; move it to NAME/VERSION/"));
    }
  }

  @Test
  void shouldServeTheVersionsOfAModelIntoWhoseFolderABundleWasDropped() throws IOException {
    models.copy(Golden.TOP1, 1);
    Path dropped = dropWithoutVersion(Golden.TOP1);

    try (Repository repository = load()) {
      assertThat(repository.versions(Golden.TOP1)).containsExactly(1);
      assertThat(repository.refused())
          .singleElement()
          .satisfies(e -> assertThat(e).hasMessageStartingWith(dropped + ": holds a bundle"));
    }
  }

  @Test
  void shouldServeTheGoodModelBesideAFolderThatCannotBeListed() throws IOException {
    models.copy(Golden.TOP1, 1);
    Path closed = closedFolder();

    try (Repository repository = load()) {
      assertThat(repository.versions(Golden.TOP1)).containsExactly(1);
      assertThat(repository.refused())
          .singleElement()
          .satisfies(
              e -> assertThat(e).hasMessage(closed + ": cannot be listed: permission denied"));
    }
  }

  @Test
  void shouldSayThatAFolderCannotBeListedWhenThereIsNothingElse() throws IOException {
    Path closed = closedFolder();

    requireRefused(closed + ": cannot be listed: permission denied");
  }

  /** Root may list any folder of its own; another process's map is closed to it in a container. */
  private Path closedFolder() throws IOException {
    Path closed = Files.createDirectory(folder.resolve("lost+found"));
    assertThat(closed.toFile().setReadable(false)).isTrue();
    if (canBeListed(closed)) {
      Files.delete(closed);
      Files.createSymbolicLink(closed, Path.of("/proc/1/map_files"));
    }
    assumeThat(canBeListed(closed)).as("every folder can be listed here").isFalse();
    return closed;
  }

  private static boolean canBeListed(Path path) {
    try (var entries = Files.list(path)) {
      return entries.count() >= 0;
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  /** As a copy of a version's files instead of its folder leaves it. */
  private Path dropWithoutVersion(String name) throws IOException {
    Path bundle = models.copy(name, 77);
    Path dropped = folder.resolve(name);
    try (var files = Files.list(bundle)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.move(file, dropped.resolve(file.getFileName()));
      }
    }
    Files.delete(bundle);
    return dropped;
  }

  @Test
  void shouldRefuseAHalfWrittenBundle() throws IOException {
    Path bundle = models.copy(Golden.TOP1, 1);
    Files.delete(bundle.resolve(Bundle.MANIFEST));

    requireRefused(bundle + ": no model bundle: there is no manifest.json");
  }

  @Test
  void shouldRefuseAnotherFormatVersion() throws IOException {
    Path bundle = models.copy(Golden.TOP1, 1);
    models.replace(bundle, "\"format_version\" : 1", "\"format_version\" : 2");

    requireRefused(bundle + ": bundle of format version 2; this Gatehouse reads version 1");
  }

  @Test
  void shouldRefuseABundleUnderAnotherName() throws IOException {
    Path bundle = models.copy(Golden.TOP1, 1);
    Path renamed = Files.move(bundle, folder.resolve(Golden.TOP1).resolve("3"));

    requireRefused(
        renamed + ": holds the bundle tiny-top1/1; put it into a folder of that name and version");
  }

  @Test
  void shouldNameEveryReasonWhenNothingCanBeServed() throws IOException {
    Path first = models.copy(Golden.TOP1, 1);
    Path second = models.copy(Golden.TOP2, 1);
    Files.delete(first.resolve("gate.onnx"));
    Files.writeString(second.resolve("gate.onnx"), "no graph");

    assertThatThrownBy(this::load)
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(folder + ": no model can be served: ")
        .hasMessageContaining(first + ": the file gate.onnx is missing; ")
        .hasMessageContaining(second + ": the file gate.onnx has 8 bytes")
        .hasMessageNotContaining("\n");
  }

  /** As when a server drains, and its last request ends after the repository was closed. */
  @Test
  void shouldLetTheLastCallThatHoldsAModelCloseIt() throws Exception {
    models.copy(Golden.TOP1, 1);
    Repository repository = load();
    Lease lease = repository.borrow(Golden.TOP1);
    MoeModel model = lease.served().model();
    Rows row = Rows.ofUint8(1, ByteBuffer.allocate(64));
    CompletableFuture<Integer> rows = new CompletableFuture<>();
    repository.close();

    Thread caller = new Thread(() -> model.submit(new LastCall(row, lease, rows), null));
    caller.setDaemon(true);
    caller.start();

    assertThat(rows.get(60, TimeUnit.SECONDS)).isEqualTo(1);
    caller.join(60_000);
    assertThat(caller.isAlive()).isFalse();
    assertThatThrownBy(() -> model.predict(row)).hasMessage("the model tiny-top1 is closed");
  }

  /** Lets go of its model at its end. */
  private record LastCall(RowSource rows, Lease lease, CompletableFuture<Integer> answered)
      implements Call {
    @Override
    public boolean isWaiting() {
      return true;
    }

    @Override
    public long deadline() {
      return System.nanoTime() + Long.MAX_VALUE / 2;
    }

    @Override
    public void answered(Prediction prediction) {
      lease.close();
      answered.complete(prediction.rows());
    }

    @Override
    public void failed(Throwable reason) {
      answered.completeExceptionally(reason);
    }

    @Override
    public void dropped() {
      answered.completeExceptionally(new AssertionError("dropped"));
    }
  }

  private Repository load() {
    return Repository.load(
        folder,
        TrustedKeys.everybody(),
        EngineOptions.defaults(),
        model -> (routing, computed) -> {});
  }

  private void requireRefused(String message) {
    assertThatThrownBy(this::load).isInstanceOf(BadInput.class).hasMessage(message);
  }
}
