package dev.gatehouse.engine.runtime;

import ai.onnxruntime.OrtEnvironment;
import dev.gatehouse.proto.file.CacheFolder;

/** ONNX Runtime itself, loaded when it is first needed. */
public final class OnnxRuntime {
  private OnnxRuntime() {}

  /** Loads it unless it is there: 28 MB of native code. */
  public static void load() {
    environment();
  }

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
