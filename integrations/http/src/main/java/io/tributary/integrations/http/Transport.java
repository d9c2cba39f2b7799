package io.tributary.integrations.http;

import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.TaskFailure;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * Sends a request once and reads its response, whatever the status. {@link Http} is built on it. A wrapper sees every
 * exchange, each redirect and each rejection with its headers, which an {@link Http} has turned into failures. Thread
 * safe.
 */
@FunctionalInterface
public interface Transport {

    /**
     * Sends one request; a redirect is an answer as well. Blocks; an interrupt ends it.
     *
     * @throws TaskFailure when there is no response, as {@link Http#send} names it
     */
    Received exchange(HttpRequest request) throws TaskFailure;

    /**
     * The SPI's client on top of this: it follows redirects, applies the meaning of statuses and keeps the deadline.
     * Cheap to create.
     *
     * @param domain of the integration: what the codes of failures begin with
     * @param clock what times in headers are compared with
     * @param quota receives the remaining quota of responses, on the thread that sends
     */
    default Http http(String domain, Clock clock, Consumer<Quota> quota) {
        return new ProviderHttp(this, domain, clock, quota);
    }
}
