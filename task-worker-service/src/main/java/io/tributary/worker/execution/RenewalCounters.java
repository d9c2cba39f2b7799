package io.tributary.worker.execution;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.worker.engine.Outcome;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the renewals of access tokens by domain and outcome. Thread safe. */
final class RenewalCounters {

    private final MeterRegistry meters;
    private final Map<String, OfDomain> domains = new ConcurrentHashMap<>();

    RenewalCounters(MeterRegistry meters) {
        this.meters = meters;
    }

    /** @param later the token endpoint is busy, or was not asked since it failed recently */
    private record OfDomain(Counter renewed, Counter failed, Counter later) {}

    /** @param domain of a loaded integration */
    void count(String domain, Access access) {
        OfDomain of = domains.computeIfAbsent(
                domain,
                _ -> new OfDomain(counter(domain, "renewed"), counter(domain, "failed"), counter(domain, "later")));
        switch (access) {
            case Access.Given _ -> of.renewed().increment();
            case Access.Withheld(Outcome.Throttled _) -> of.later().increment();
            case Access.Withheld _ -> of.failed().increment();
        }
    }

    private Counter counter(String domain, String outcome) {
        return Counter.builder("tributary.worker.token.refreshes")
                .description("Renewals of access tokens")
                .tag("domain", domain)
                .tag("outcome", outcome)
                .register(meters);
    }
}
