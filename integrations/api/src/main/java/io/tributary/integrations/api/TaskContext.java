package io.tributary.integrations.api;

import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Everything that a task may use. Valid while its {@link Integration#run} runs; thread safe. */
public interface TaskContext {

    /** The user integration of the task. */
    UUID userIntegrationId();

    /** The user integration's config; it matches the manifest's JSON Schema. */
    JsonObject config();

    /**
     * Base URL of the provider's API: {@code baseUrl} of the config, without a slash at its end.
     *
     * @param usual default when the config has none
     */
    default String baseUrl(String usual) {
        String url = config().text("baseUrl").orElse(usual);
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** The user integration's secrets. */
    Credentials credentials();

    /**
     * Reports a secret that the integration got itself, such as the token of a session, so that the engine keeps it out
     * of errors, logs, items and tasks as it does credentials. Default: nothing. May be called again with the same or
     * another value.
     *
     * @param name of the secret, which is shown in its place
     */
    default void conceal(String name, String secret) {}

    /** The run's sync state: the state after the last run, with the patches of the committed tasks of this run. */
    JsonObject syncState();

    /** The options of the run. */
    Options options();

    /** The time. Use it rather than the system's: tests move it. */
    Clock clock();

    /** Sends requests to the provider. */
    Http http();

    /** Logs under the integration's name, with the run and the task attached. */
    System.Logger logger();

    /**
     * Reports the remaining quota of the provider to the engine, so that it starts no task that the provider would
     * reject. Call it after each response with a quota, as read by {@link RateLimitHeaders}, or not at all.
     */
    void quota(Quota quota);

    /** The task's id: the same at each execution of this task, different for every other. */
    String idempotencyKey();

    /** The effect to bring about, while an {@link Action} is executed or looked up; empty in any other task. */
    default Optional<Effect> effect() {
        return Optional.empty();
    }

    /**
     * Resolves a host to checked addresses. Connect to one of them, not to the name, which might resolve to another
     * address later.
     *
     * @throws TaskFailure.Misconfigured {@code polling.addressRefused} when an address is private, loopback, link-local
     *     or otherwise not public, unless the deployment allows that
     * @throws TaskFailure.Transient {@code polling.hostUnknown} when the name does not resolve
     */
    List<InetAddress> resolve(String host) throws TaskFailure;
}
