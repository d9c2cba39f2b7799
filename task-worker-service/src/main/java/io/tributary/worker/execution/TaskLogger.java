package io.tributary.worker.execution;

import io.tributary.schemas.Task;
import io.tributary.worker.codec.BoundedText;
import io.tributary.worker.codec.StackText;
import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logger of a plugin: the worker's log, with the run and the task at each line. Credential values are replaced, and
 * exceptions are logged without their texts.
 */
final class TaskLogger implements System.Logger {

    private final Logger log;
    private final Task task;
    private final Secrets secrets;

    TaskLogger(Task task, Secrets secrets) {
        this.log = LoggerFactory.getLogger("io.tributary.integration." + task.getDomain());
        this.task = task;
        this.secrets = secrets;
    }

    @Override
    public String getName() {
        return log.getName();
    }

    @Override
    public boolean isLoggable(Level level) {
        return level != Level.OFF && log.isEnabledForLevel(slf4jLevel(level));
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            log.makeLoggingEventBuilder(slf4jLevel(level))
                    .log(
                            "integration.logged: {} userIntegrationId={} runId={} taskId={} taskType={} attempt={}{}",
                            message == null
                                    ? ""
                                    : secrets.redact(BoundedText.cut(message, BoundedText.MAX_MESSAGE_BYTES)),
                            task.getUserIntegrationId(),
                            task.getRunId(),
                            task.getTaskId(),
                            task.getType(),
                            task.getAttempt(),
                            thrown == null ? "" : "\n" + StackText.of(thrown));
        }
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String format,
            @Nullable Object @Nullable ... parameters) {
        String message = format == null || parameters == null || parameters.length == 0
                ? format
                : MessageFormat.format(format, parameters);
        log(level, bundle, message, (Throwable) null);
    }

    private static org.slf4j.event.Level slf4jLevel(Level level) {
        return switch (level) {
            case ALL, TRACE -> org.slf4j.event.Level.TRACE;
            case DEBUG -> org.slf4j.event.Level.DEBUG;
            case INFO -> org.slf4j.event.Level.INFO;
            case WARNING -> org.slf4j.event.Level.WARN;
            case ERROR, OFF -> org.slf4j.event.Level.ERROR;
        };
    }
}
