package dev.gatehouse.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.service.repository.Draining;
import dev.gatehouse.service.repository.UnknownModel;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AnswersTest {
  @Test
  void shouldTellTheCallerWhatItsMistakeWas() {
    Status status = Answers.status(new BadInput("rows=0"));

    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).isEqualTo("rows=0");
    assertThat(Answers.status(new UnknownModel("x")).getCode()).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void shouldSendCallersElsewhereWhileItDrains() {
    assertThat(Answers.status(new Draining()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void shouldKeepAFaultToItselfAndLogItOnce() {
    Logger log = (Logger) LoggerFactory.getLogger(Answers.class);
    ListAppender<ILoggingEvent> events = new ListAppender<>();
    events.start();
    log.addAppender(events);
    log.setAdditive(false);
    try {
      Status status = Answers.status(new IllegalStateException("secret path"));

      assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
      assertThat(status.getDescription()).isEqualTo("the server failed; its log says why");
      assertThat(status.getCause()).isNull();
      assertThat(events.list)
          .singleElement()
          .satisfies(e -> assertThat(e.getThrowableProxy().getMessage()).isEqualTo("secret path"));
    } finally {
      log.detachAppender(events);
      log.setAdditive(true);
    }
  }
}
