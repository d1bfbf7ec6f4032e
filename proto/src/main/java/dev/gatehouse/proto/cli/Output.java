package dev.gatehouse.proto.cli;

import dev.gatehouse.proto.file.Json;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where a command prints: text for people, or one JSON object with {@code --json}. */
public final class Output {
  @Spec(Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(names = "--json", description = "Print one JSON object instead of text.")
  private boolean json;

  /** True when text is to be left out. */
  public boolean isJson() {
    return json;
  }

  /** Prints a line for people; nothing under {@code --json}. */
  public void text(String line) {
    if (!json) {
      PrintWriter out = command.commandLine().getOut();
      out.println(line);
      out.flush();
    }
  }

  /** Prints a line for people on standard error, under {@code --json} too. */
  public void note(String line) {
    PrintWriter err = command.commandLine().getErr();
    err.println(line);
    err.flush();
  }

  /** Prints the result as one JSON object under {@code --json}; nothing otherwise. */
  public void result(Object value) {
    if (json) {
      PrintWriter out = command.commandLine().getOut();
      out.println(Json.line(value));
      out.flush();
    }
  }
}
