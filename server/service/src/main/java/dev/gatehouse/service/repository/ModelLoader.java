package dev.gatehouse.service.repository;

import dev.gatehouse.engine.pipeline.EngineOptions;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.pipeline.PredictionListener;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.TrustedKeys;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Opens one bundle for traffic: only if it is signed by those who are trusted, and only after the
 * self-test passed through the engine that will serve.
 *
 * @param trusted whose bundles are opened
 * @param engine how models are opened
 * @param listeners makes the listener of a model's predictions, once the model may serve
 */
record ModelLoader(
    TrustedKeys trusted, EngineOptions engine, Function<MoeModel, PredictionListener> listeners) {
  /**
   * Loads the bundle in {@code folder}, whose last two names are the model's name and version.
   *
   * @throws BadInput when it is no whole bundle, is signed by nobody who is trusted, lies under
   *     another name or version than its own, or fails its self-test
   */
  ServedModel load(Path folder) {
    trusted.require(folder);
    LateListener listener = new LateListener();
    MoeModel model = MoeModel.open(folder, engine.withListener(listener));
    try {
      Manifest manifest = model.manifest();
      manifest
          .misplacedIn(folder)
          .ifPresent(
              reason -> {
                throw new BadInput(reason);
              });
      model.selfTest().require(folder.toString());
      listener.reportTo(listeners.apply(model));
      return new ServedModel(manifest.name(), manifest.version(), model);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }
}
