package dev.gatehouse.proto.cli;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A second process with the same JDK and options. */
public final class ChildJvm {
  private ChildJvm() {}

  /** A process of this program's class path that runs {@code main} once it is started. */
  public static ProcessBuilder of(Class<?> main, List<String> arguments) {
    return of(main.getName(), System.getProperty("java.class.path"), arguments);
  }

  /**
   * The same of a program with libraries of its own.
   *
   * @param classPath entries as the JDK takes them
   */
  public static ProcessBuilder of(String main, String classPath, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add(main);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    // A class path on the command line can be longer than native libraries bear.
    builder.environment().put("CLASSPATH", absolute(classPath));
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
