package dev.gatehouse.proto.cli;

/** Exit codes of the command line. */
public final class ExitCode {
  /** The command did what it was asked. */
  public static final int OK = 0;

  /** A fault of Gatehouse itself or of the machine. */
  public static final int FAILURE = 1;

  /** The command line was wrong: an unknown option, a value out of range. */
  public static final int USAGE = 2;

  /** A file, folder or data set that was named is missing, damaged, or of the wrong kind. */
  public static final int BAD_INPUT = 3;

  /** A server or a data set's home could not be reached, or a port is taken. */
  public static final int UNAVAILABLE = 4;

  /** A training was stopped and can be resumed. */
  public static final int STOPPED = 5;

  private ExitCode() {}
}
