package io.tributary.integrations.http;

import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.TaskFailure;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * Sends a request once and reads its answer, whatever the status: what {@link Http} stands on. Who stands in between sees
 * all that is exchanged, each redirect and each refusal with its headers, which an {@link Http} has made failures of by
 * the time it returns. Safe to use from several threads.
 */
@FunctionalInterface
public interface Transport {

    /**
     * Sends one request; a redirect is an answer as well. Blocks; an interrupt ends it.
     *
     * @throws TaskFailure when there is no answer, as {@link Http#send} names it
     */
    Received exchange(HttpRequest request) throws TaskFailure;

    /**
     * The SPI's client on top of this: it follows redirects, judges statuses and keeps the deadline. Cheap to make.
     *
     * @param domain of the integration: what the codes of failures begin with
     * @param clock what times in headers are compared with
     * @param quota told what answers say is left of the quota, on the thread that sends
     */
    default Http http(String domain, Clock clock, Consumer<Quota> quota) {
        return new ProviderHttp(this, domain, clock, quota);
    }
}
