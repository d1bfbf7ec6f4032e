package dev.gatehouse.service.rpc;

/** Is told of each call when it ended. */
@FunctionalInterface
public interface CallListener {
  /**
   * A call ended.
   *
   * @param method service and method without the package, {@code PredictionService/Predict}
   * @param status name of the gRPC status, {@code OK} for an answer
   * @param nanos from the call's start to its end
   */
  void finished(String method, String status, long nanos);
}
