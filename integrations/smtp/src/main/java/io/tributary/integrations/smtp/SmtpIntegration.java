package io.tributary.integrations.smtp;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.Action;
import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Manifest.Auth;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/** Sends e-mail by an SMTP server; the package says how, and {@link Failures} what can go wrong. */
public final class SmtpIntegration implements Integration {

    static final String SEND = "send";

    /** Connections, hence messages, at a time for an account. */
    private static final int CONCURRENCY = 4;

    /** With the waits, more than the quarter of an hour that greylists want. */
    private static final int ATTEMPTS = 9;

    private static final Duration BACKOFF = Duration.ofSeconds(5);

    private static final Duration BACKOFF_CAP = Duration.ofMinutes(10);

    @Override
    public Manifest manifest() {
        return Manifest.builder("smtp", "1.0.0", "SMTP server")
                .auth(Auth.BASIC, Auth.OAUTH2)
                .configSchema(Integration.resource(SmtpIntegration.class, "config.schema.json"))
                .action(new Action(
                        SEND, Integration.resource(SmtpIntegration.class, "send.schema.json"), Action.Repeat.ASK))
                .limits(Limits.builder()
                        .concurrency(CONCURRENCY)
                        .attempts(ATTEMPTS)
                        .backoff(BACKOFF, BACKOFF_CAP)
                        .build())
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        if (!task.type().equals(SEND)) {
            throw new IllegalArgumentException("there is no task type " + task.type());
        }
        return withItsClassLoader(() -> send(task, context));
    }

    private static TaskResult send(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        SmtpConfig config = config(context);
        Effect effect = Effect.of(context);
        var compose = new ComposeMessage(
                config, config.sender(context.credentials().find("username").orElse(null)));
        MimeMessage message = composed(compose, task.payload(), effect);
        var open = new OpenSubmission(config, context);
        Submission submission = open.open();
        try {
            submission.sendMessage(message, message.getAllRecipients());
            return TaskResult.ofOutputs(List.of(Output.effect(
                    effect, compose.messageId(effect), JsonObject.of("reply", submission.getLastReturnCode()))));
        } catch (MessagingException e) {
            throw open.failures().of(e, submission.getLastReturnCode(), submission.mayHaveTaken());
        } finally {
            close(submission, context);
        }
    }

    private static MimeMessage composed(ComposeMessage compose, JsonObject input, Effect effect)
            throws TaskFailure.Permanent {
        try {
            return compose.of(input, effect);
        } catch (IllegalArgumentException e) { // A value of another type.
            throw new TaskFailure.Permanent("smtp.invalidInput", "This message cannot be composed.", e);
        }
    }

    /** Logs in, which shows whether config and credentials work. */
    @Override
    public Account identify(TaskContext context) throws TaskFailure, InterruptedException {
        SmtpConfig config = config(context);
        withItsClassLoader(() -> {
            close(new OpenSubmission(config, context).open(), context);
            return TaskResult.nothing();
        });
        String sender = config.sender(context.credentials().find("username").orElse(null));
        return new Account(null, sender, JsonObject.EMPTY);
    }

    private interface Work {
        TaskResult result() throws TaskFailure, InterruptedException;
    }

    /** Jakarta Mail looks for its parts where the thread says, which may have another copy of it, or nothing. */
    private static TaskResult withItsClassLoader(Work work) throws TaskFailure, InterruptedException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(SmtpIntegration.class.getClassLoader());
        try {
            return work.result();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static SmtpConfig config(TaskContext context) throws TaskFailure {
        try {
            return SmtpConfig.of(context.config());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw Failures.configInvalid(e);
        }
    }

    /** What the server says to the farewell changes nothing. */
    private static void close(Submission submission, TaskContext context) {
        try {
            submission.close();
        } catch (MessagingException e) {
            context.logger().log(Level.DEBUG, "smtp.notClosed: the server did not answer to the farewell");
        }
    }
}
