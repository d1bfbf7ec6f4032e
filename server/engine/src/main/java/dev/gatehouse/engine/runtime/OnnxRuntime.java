package dev.gatehouse.engine.runtime;

import ai.onnxruntime.OrtEnvironment;
import dev.gatehouse.proto.file.CacheFolder;

/** ONNX Runtime itself, loaded when it is first needed. */
final class OnnxRuntime {
  private OnnxRuntime() {}

  /** The environment that all sessions and tensors of this process share. */
  static OrtEnvironment environment() {
    return Loaded.ENVIRONMENT;
  }

  private static final class Loaded {
    static final OrtEnvironment ENVIRONMENT;

    static {
      NativeLibrary.unpackOnce(CacheFolder.ofThisUser());
      ENVIRONMENT = OrtEnvironment.getEnvironment();
    }
  }
}
