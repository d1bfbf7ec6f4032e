package dev.gatehouse.service.testing;

import dev.gatehouse.service.cli.ServeCommand;
import picocli.CommandLine;

/** The serve command as a process of its own. */
public final class ServeMain {
  private ServeMain() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ServeCommand()).execute(arguments));
  }
}
