package io.tributary.integrations.apns;

import com.eatthepath.pushy.apns.PushNotificationResponse;
import com.eatthepath.pushy.apns.util.SimpleApnsPushNotification;
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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends push messages by Apple; the package says how, and {@link Failures} what can go wrong. */
public final class ApnsIntegration implements Integration {

    static final String SEND = "send";

    /** Messages at a time on the connection of an account. */
    private static final int CONCURRENCY = 16;

    /** A token that no device has. */
    private static final String NO_DEVICE = "0".repeat(64);

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private final Clients clients = new Clients();

    @Override
    public Manifest manifest() {
        return Manifest.builder("apns", "1.0.0", "Apple Push Notification service")
                .auth(Auth.PRIVATE_KEY)
                .configSchema(Integration.resource(ApnsIntegration.class, "config.schema.json"))
                .action(new Action(
                        SEND, Integration.resource(ApnsIntegration.class, "send.schema.json"), Action.Repeat.ASK))
                .limits(Limits.builder().concurrency(CONCURRENCY).build())
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        if (!task.type().equals(SEND)) {
            throw new IllegalArgumentException("there is no task type " + task.type());
        }
        Account account = Account.of(context);
        Effect effect = Effect.of(context);
        SimpleApnsPushNotification message = composed(account, task.payload(), effect, context);
        PushNotificationResponse<?> answer = sent(account, message, context);
        if (!answer.isAccepted()) {
            throw Failures.of(answer);
        }
        return TaskResult.ofOutputs(List.of(Output.effect(
                effect,
                String.valueOf(answer.getApnsId()),
                answer.getApnsUniqueId()
                        .map(id -> JsonObject.of("uniqueId", id.toString()))
                        .orElse(JsonObject.EMPTY))));
    }

    private static SimpleApnsPushNotification composed(
            Account account, JsonObject input, Effect effect, TaskContext context) throws TaskFailure.Permanent {
        try {
            return new ComposePush(account.topic(), context.clock().instant()).of(input, effect);
        } catch (IllegalArgumentException e) { // A value of another type.
            throw new TaskFailure.Permanent("apns.invalidInput", "This message cannot be composed.", e);
        }
    }

    private PushNotificationResponse<?> sent(Account account, SimpleApnsPushNotification message, TaskContext context)
            throws TaskFailure, InterruptedException {
        try (Clients.Use use = client(account, context)) {
            var answer = use.client().sendNotification(message);
            try {
                return answer.get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                use.drop();
                throw Failures.of(e.getCause() == null ? e : e.getCause(), account);
            } catch (TimeoutException e) {
                use.drop();
                throw Failures.of(e, account);
            }
        }
    }

    private Clients.Use client(Account account, TaskContext context) throws TaskFailure {
        try {
            return clients.of(account, () -> context.resolve(account.host()).getFirst());
        } catch (TaskFailure.Transient e) {
            throw e.certainlyWithoutEffect(); // There is no address, so nothing was sent.
        }
    }

    /**
     * Reads the key, and sends a message to a device that does not exist: Apple has no request that only checks a key.
     * If Apple refuses the key or the topic, this fails. If it refuses the device, the account works.
     */
    @Override
    public io.tributary.integrations.api.Account identify(TaskContext context)
            throws TaskFailure, InterruptedException {
        Account account = Account.of(context);
        JsonObject nobody = JsonObject.of("to", JsonObject.of("deviceToken", NO_DEVICE));
        var message = new ComposePush(account.topic(), context.clock().instant()).of(nobody, Effect.of(context));
        PushNotificationResponse<?> answer = sent(account, message, context);
        TaskFailure refusal = answer.isAccepted() ? null : Failures.of(answer);
        if (refusal != null && !(refusal instanceof TaskFailure.Permanent)) {
            throw refusal;
        }
        return new io.tributary.integrations.api.Account(null, account.topic(), JsonObject.EMPTY);
    }

    @Override
    public void close() {
        clients.close();
    }
}
