package io.tributary.scheduler.notifications;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.notifications.Notification.Failure;
import io.tributary.scheduler.security.Caller;
import io.tributary.schemas.SyncStatus;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Checks that an account can send notifications. */
@Component
record CheckChannel(Accounts accounts, Manifests manifests) {

    /** The action that makes an integration a channel. */
    static final String ACTION = "send";

    /**
     * The account of a channel.
     *
     * @param path of the channel in the request
     * @throws ApiException when the caller has no such account, or it cannot send now
     */
    Account check(UUID id, String path, Caller caller) {
        if (!accounts.exists(id, caller)) {
            throw problem(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    "notifications.channelUnknown",
                    "There is no such account, or you may not see it. Name the id of a user integration.",
                    path);
        }
        var state = accounts.find(id, caller);
        var manifest = manifests.require(state.account().integrationDomain());
        if (!isChannel(manifest)) {
            throw problem(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    "notifications.notAChannel",
                    "The integration " + manifest.domain() + " has no action send. Name an account of one that has.",
                    path);
        }
        if (state.status() == SyncStatus.paused) {
            throw problem(
                    HttpStatus.CONFLICT,
                    "notifications.channelPaused",
                    "The account is paused. Resume it, or name another one.",
                    path);
        }
        whyUnusable(state.status()).ifPresent(why -> {
            throw problem(HttpStatus.CONFLICT, why.code(), why.message(), path);
        });
        return state.account();
    }

    private static boolean isChannel(Manifest manifest) {
        return manifest.inputChecks().containsKey(ACTION);
    }

    /** Checks what is sent through a channel by the schema of its integration. */
    void checkInput(Account channel, ObjectNode input, String path, Violations violations) {
        var schema =
                manifests.require(channel.integrationDomain()).inputChecks().get(ACTION);
        for (var error : Objects.requireNonNull(schema).validate(input)) {
            violations.add(
                    path + error.getInstanceLocation(),
                    error.getMessage() + ", says the channel " + channel.integrationDomain());
        }
    }

    /** Why an account cannot send: when a delivery of it is due, a paused one waits, and is no failure. */
    static Optional<Failure> whyUnusable(SyncStatus status) {
        return switch (status) {
            case active, paused -> Optional.empty();
            case expired ->
                Optional.of(new Failure(
                        "notifications.channelExpired",
                        "The provider rejected the account. Connect it again, or name another one."));
            case error ->
                Optional.of(new Failure(
                        "notifications.channelMisconfigured",
                        "The account cannot be used. Correct its config or credentials, or name another one."));
        };
    }

    private static ApiException problem(HttpStatus status, String code, String detail, String path) {
        return new ApiException(Problem.of(status, code, detail + " This is about " + path + "."));
    }
}
