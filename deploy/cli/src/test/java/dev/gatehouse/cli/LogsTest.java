package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.core.ConsoleAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the command logs, and where. */
class LogsTest {
  private final LoggerContext context = new LoggerContext();

  @Test
  void shouldLogOwnNewsAndTheLibrariesWarningsToStandardError() {
    assertThat(new Logs().configure(context)).isEqualTo(ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);

    assertThat(context.getLogger("dev.gatehouse.service").getEffectiveLevel())
        .isEqualTo(Level.INFO);
    assertThat(context.getLogger("org.eclipse.jetty").getEffectiveLevel()).isEqualTo(Level.WARN);
    assertThat(context.getLogger("ai.djl.util.cuda.CudaUtils").getEffectiveLevel())
        .isEqualTo(Level.ERROR);
    assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders())
        .toIterable()
        .singleElement()
        .isInstanceOfSatisfying(
            ConsoleAppender.class,
            console -> {
              assertThat(console.getTarget()).isEqualTo("System.err");
              assertThat(console.isStarted()).isTrue();
            });
  }

  @Test
  void shouldBeWhatTheCommandLogsBy() {
    LoggerContext used = (LoggerContext) LoggerFactory.getILoggerFactory();

    assertThat(used.getLogger("ai.djl.util.cuda").getLevel()).isEqualTo(Level.ERROR);
  }

  @Test
  void shouldLeaveTheFieldToAFileOfTheUsersOwn() {
    System.setProperty("logback.configurationFile", "own.xml");
    try {
      assertThat(new Logs().configure(context)).isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
    } finally {
      System.clearProperty("logback.configurationFile");
    }
    assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders())
        .toIterable()
        .isEmpty();
  }
}
