package io.tributary.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogFieldsTest {

    private final LoggerContext context = new LoggerContext();

    LogFieldsTest() {
        context.setMDCAdapter(MDC.getMDCAdapter());
    }

    @AfterEach
    void clear() {
        MDC.clear();
    }

    @Test
    void areTheCodeAndTheKeysOfTheMessage() {
        UUID run = UUID.randomUUID();

        assertThat(fields("sink.runEnded: run ended status={} outputs={} runId={}", "succeeded", 42L, run))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "event",
                        Map.of("code", "sink.runEnded"),
                        "status",
                        "succeeded",
                        "outputs",
                        42L,
                        "runId",
                        run.toString()));
    }

    @Test
    void leaveOutPlacesWithoutAKeyAndValuesThatAreMissing() {
        assertThat(fields("integration.logged: {} runId={} code={}", "password=hidden in free text", "r", null))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("event", Map.of("code", "integration.logged"), "runId", "r"));
        assertThat(fields("worker.taskRetried: task failed attempt={} reason={}", 2))
                .containsEntry("attempt", 2)
                .doesNotContainKey("reason");
    }

    @Test
    void leaveOutTheIdsOfTheContextWhichTheFormatHas() {
        MDC.put("runId", "of the context");

        assertThat(fields("worker.taskCompleted: task completed runId={} outputs={}", "r", 1))
                .containsOnlyKeys("event", "outputs");
    }

    @Test
    void keepOutOfTheObjectsOfTheSchema() {
        assertThat(fields("worker.pluginSkipped: plugin skipped file={} plugin={}", "/a/b.jar", "b"))
                .containsEntry("labels", Map.of("file", "/a/b.jar"))
                .containsEntry("plugin", "b")
                .doesNotContainKey("file");
    }

    @Test
    void haveNothingToSayAboutLinesOfLibraries() {
        var line = new LoggingEvent(
                "test", context.getLogger("org.apache.kafka.Some"), Level.INFO, "a.b: c={}", null, new Object[] {1});

        assertThat(LogFields.of(line)).isEmpty();
    }

    @Test
    void haveNoCodeWhereTheMessageHasNone() {
        assertThat(fields("no code here key={}", 1)).containsOnlyKeys("key");
    }

    private Map<String, Object> fields(String message, @Nullable Object... arguments) {
        return LogFields.of(
                new LoggingEvent("test", context.getLogger("io.tributary.Some"), Level.INFO, message, null, arguments));
    }
}
