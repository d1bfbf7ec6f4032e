package dev.gatehouse.proto.cli;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A second process of this program: the same JDK, options and class path, another main class. */
public final class ChildJvm {
  private ChildJvm() {}

  /** A process that runs {@code main} once it is started. */
  public static ProcessBuilder of(Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add(main.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    // A class path on the command line can be longer than native libraries bear.
    builder.environment().put("CLASSPATH", absolute(System.getProperty("java.class.path")));
    return builder;
  }

  /** Called in the child: ends it with its parent, so that a killed parent leaves none behind. */
  public static void endWithParent() {
    ProcessHandle.current().parent().ifPresent(ChildJvm::endWith);
  }

  private static void endWith(ProcessHandle parent) {
    Runnable wait =
        () -> {
          parent.onExit().join();
          Runtime.getRuntime().halt(ExitCode.STOPPED);
        };
    Thread watch = new Thread(wait, "parent");
    watch.setDaemon(true);
    watch.start();
  }

  private static String absolute(String classPath) {
    List<String> entries = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, entries);
  }
}
