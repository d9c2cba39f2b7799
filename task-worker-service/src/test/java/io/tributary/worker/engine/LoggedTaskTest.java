package io.tributary.worker.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.tributary.schemas.Task;
import io.tributary.worker.testing.InitialTasks;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

class LoggedTaskTest {

    private final Task task = Task.newBuilder(InitialTasks.of(UUID.randomUUID(), "hello", "greet"))
            .setTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
            .build();

    @Test
    void makesTheIdsFieldsOfStructuredLines() {
        String line;
        try (var _ = new LoggedTask(task)) {
            line = structured("worker.taskStarted: task started attempt=1");
        }

        assertThat(line)
                .contains("\"message\":\"worker.taskStarted: task started attempt=1\"")
                .contains("\"traceId\":\"4bf92f3577b34da6a3ce929d0e0e4736\"")
                .contains("\"runId\":\"" + task.getRunId() + "\"")
                .contains("\"taskId\":\"" + task.getTaskId() + "\"")
                .contains("\"userIntegrationId\":\"" + task.getUserIntegrationId() + "\"");
    }

    @Test
    void leavesLinesAfterTheTaskWithoutIds() {
        new LoggedTask(task).close();

        assertThat(structured("worker.pausesChanged: pauses changed")).doesNotContain("runId", "traceId");
    }

    private static String structured(String message) {
        var context = new LoggerContext();
        context.setMDCAdapter(Objects.requireNonNull(MDC.getMDCAdapter()));
        context.putObject(Environment.class.getName(), new StandardEnvironment());
        var encoder = new StructuredLogEncoder();
        encoder.setContext(context);
        encoder.setFormat("ecs");
        encoder.start();
        var event = new LoggingEvent("test", context.getLogger("test"), Level.INFO, message, null, null);
        return new String(encoder.encode(event), UTF_8);
    }
}
