package io.tributary.integrations.testkit.certify;

import io.tributary.integrations.testkit.InMemoryRun;
import io.tributary.integrations.testkit.TcpFaultProxy;
import io.tributary.integrations.testkit.TcpFaultProxy.Fault;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What an integration does when its connection goes wrong, at places all over a story. */
final class TcpFaultRules {

    private static final int PLACES = 8;
    private static final int PLACES_OF_STALLS = 2;

    /** Much longer than a task needs, and short enough to be waited for. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private TcpFaultRules() {}

    static Stream<Rule> all() {
        return Stream.of(
                        Rule.of(
                                "a connection that is reset is tried again and loses nothing",
                                bench -> atEachPlace(Fault.RESET, PLACES, bench)),
                        Rule.of(
                                "a connection that ends too early is tried again and loses nothing",
                                bench -> atEachPlace(Fault.TRUNCATE, PLACES, bench)),
                        Rule.of(
                                "a connection on which nothing comes any more loses nothing",
                                bench -> atEachPlace(Fault.STALL, PLACES_OF_STALLS, bench)),
                        Rule.of("a server that is away after any task loses nothing", TcpFaultRules::outage))
                .map(rule -> rule.and(Facts::lacksTcp));
    }

    private static Outcome atEachPlace(Fault fault, int most, Bench bench) throws InterruptedException {
        int count = Math.min(most, bench.facts().mostPlaces());
        long bytes = bytesOfStory(bench);
        List<Long> places =
                IntStream.range(0, count).mapToObj(i -> i * bytes / count).toList();
        for (long place : places) {
            try (Trial trial = bench.begin()) {
                SyncedAccount account = trial.account();
                account.account().taskTimeout(TIMEOUT);
                proxy(trial).inject(fault, place);
                for (InMemoryRun run : Story.tell(trial, account)) {
                    FaultRules.mustFailOnlyAs(FaultRules.TRANSIENT, run, bench);
                }
                Breach.unless(!proxy(trial).isArmed(), "the story ended before the connection went wrong");
                FaultRules.mustRecover(trial, account);
            } catch (Breach breach) {
                throw breach.at("after " + place + " bytes");
            }
        }
        return new Outcome.Passed("at " + count + " places of " + bytes + " bytes");
    }

    private static long bytesOfStory(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            Story.tell(trial, trial.account()).forEach(Trial::mustSucceed);
            return proxy(trial).received();
        }
    }

    private static Outcome outage(Bench bench) throws InterruptedException {
        for (int place : Story.places(Story.tasksOfFullSync(bench), bench)) {
            try (Trial trial = bench.begin()) {
                trial.addThreePages();
                SyncedAccount account = trial.account();
                TcpFaultProxy proxy = proxy(trial);
                account.account().afterEachTask(number -> {
                    if (number == place) {
                        proxy.refuse();
                    }
                });
                FaultRules.outage(bench, trial, account, () -> {}, proxy::heal);
            } catch (Breach breach) {
                throw breach.at("after task " + place);
            }
        }
        return Outcome.PASSED;
    }

    private static TcpFaultProxy proxy(Trial trial) {
        if (trial.provider().wire() instanceof Wire.Tcp tcp) {
            return tcp.proxy();
        }
        throw new IllegalStateException("the provider is not reached over TCP");
    }
}
