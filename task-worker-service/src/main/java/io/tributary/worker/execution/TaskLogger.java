package io.tributary.worker.execution;

import io.tributary.schemas.Task;
import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The logger of a plugin: the worker's log, with the run and the task at each line. */
final class TaskLogger implements System.Logger {

    private final Logger log;
    private final Task task;

    TaskLogger(Task task) {
        this.log = LoggerFactory.getLogger("io.tributary.integration." + task.getDomain());
        this.task = task;
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
                    .setCause(thrown)
                    .log(
                            "{} userIntegrationId={} runId={} taskId={} taskType={} attempt={}",
                            message,
                            task.getUserIntegrationId(),
                            task.getRunId(),
                            task.getTaskId(),
                            task.getType(),
                            task.getAttempt());
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
