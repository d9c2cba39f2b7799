package io.tributary.integrations.api;

import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** What a task may know and use. Valid while its {@link Integration#run} runs; safe to use from several threads. */
public interface TaskContext {

    /** Whose account this is. */
    UUID userIntegrationId();

    /** The user integration's config; it matches the manifest's JSON Schema. */
    JsonObject config();

    /** The user integration's secrets. */
    Credentials credentials();

    /** The run's sync state: what the last run left, with the patches of the tasks of this run committed so far. */
    JsonObject syncState();

    /** What the run was asked for. */
    Options options();

    /** The time. Use it rather than the system's: tests move it. */
    Clock clock();

    /** Sends requests to the provider. */
    Http http();

    /** Logs under the integration's name, with the run and the task attached. */
    System.Logger logger();

    /**
     * Tells the engine what the provider says is left of its quota, so that no task starts which would be refused.
     * Called after each answer that says so, with what {@link RateLimitHeaders} read, or not at all.
     */
    void quota(Quota quota);

    /** The task's id: the same at each execution of this task, different for every other. */
    String idempotencyKey();

    /**
     * The addresses of a host to connect to, checked: connect to one of these, not to the name, lest the answer
     * changes in between.
     *
     * @throws TaskFailure.Misconfigured {@code polling.addressRefused} when an address is private, loopback, link-local
     *     or otherwise not public, unless the deployment allows that
     * @throws TaskFailure.Transient {@code polling.hostUnknown} when the name does not resolve
     */
    List<InetAddress> resolve(String host) throws TaskFailure;
}
