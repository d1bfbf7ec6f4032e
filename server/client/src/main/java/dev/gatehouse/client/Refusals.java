package dev.gatehouse.client;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.Unavailable;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** What a status means to the caller; the one place where statuses become exceptions. */
final class Refusals {
  private Refusals() {}

  /** The exception to throw for a call that ended with {@code failure}. */
  static RuntimeException of(Target target, StatusRuntimeException failure) {
    Status status = failure.getStatus();
    return switch (status.getCode()) {
      case INVALID_ARGUMENT, NOT_FOUND, RESOURCE_EXHAUSTED -> new BadInput(words(status), failure);
      case UNAVAILABLE ->
          new Unavailable("no server takes requests at " + target + ": " + words(status), failure);
      case DEADLINE_EXCEEDED ->
          new Unavailable("no answer from " + target + " within the deadline", failure);
      case UNIMPLEMENTED ->
          new Unavailable("the server at " + target + " is no Gatehouse server", failure);
      default ->
          new IllegalStateException(
              target + " answered " + status.getCode() + ": " + words(status), failure);
    };
  }

  /** The innermost reason that there is, else the server's description. */
  private static String words(Status status) {
    Throwable cause = status.getCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String words = cause == null ? status.getDescription() : cause.getMessage();
    return String.valueOf(words).lines().findFirst().orElse("no reason given");
  }
}
