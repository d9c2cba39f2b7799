package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.server.TcpFaultProxy;
import io.tributary.integrations.workbench.server.TcpFaultProxy.Fault;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What an integration does when its connection goes wrong, at places all over a scenario. */
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
                                fixtures -> atEachPlace(Fault.RESET, PLACES, fixtures)),
                        Rule.of(
                                "a connection that ends too early is tried again and loses nothing",
                                fixtures -> atEachPlace(Fault.TRUNCATE, PLACES, fixtures)),
                        Rule.of(
                                "a connection on which nothing comes any more loses nothing",
                                fixtures -> atEachPlace(Fault.STALL, PLACES_OF_STALLS, fixtures)),
                        Rule.of("a server that is away after any task loses nothing", TcpFaultRules::outage))
                .map(rule -> rule.and(Facts::lacksTcp));
    }

    private static Outcome atEachPlace(Fault fault, int most, Fixtures fixtures) throws InterruptedException {
        int count = Math.min(most, fixtures.facts().mostPlaces());
        long bytes = bytesOfScenario(fixtures);
        List<Long> places =
                IntStream.range(0, count).mapToObj(i -> i * bytes / count).toList();
        for (long place : places) {
            try (Fixture fixture = fixtures.create()) {
                SyncedAccount account = fixture.account();
                account.account().taskTimeout(TIMEOUT);
                proxy(fixture).inject(fault, place);
                for (InMemoryRun run : Scenario.run(fixture, account)) {
                    FaultRules.mustFailOnlyAs(FaultRules.TRANSIENT, run, fixtures);
                }
                Breach.unless(!proxy(fixture).isArmed(), "the scenario ended before the connection went wrong");
                FaultRules.mustRecover(fixture, account);
            } catch (Breach breach) {
                throw breach.at("after " + place + " bytes");
            }
        }
        return new Outcome.Passed("at " + count + " places of " + bytes + " bytes");
    }

    private static long bytesOfScenario(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            Scenario.run(fixture, fixture.account()).forEach(Fixture::mustSucceed);
            return proxy(fixture).received();
        }
    }

    private static Outcome outage(Fixtures fixtures) throws InterruptedException {
        for (int place : Scenario.places(Scenario.tasksOfFullSync(fixtures), fixtures)) {
            try (Fixture fixture = fixtures.create()) {
                fixture.addThreePages();
                SyncedAccount account = fixture.account();
                TcpFaultProxy proxy = proxy(fixture);
                account.account().afterEachTask(number -> {
                    if (number == place) {
                        proxy.refuse();
                    }
                });
                FaultRules.outage(fixtures, fixture, account, () -> {}, proxy::heal);
            } catch (Breach breach) {
                throw breach.at("after task " + place);
            }
        }
        return Outcome.PASSED;
    }

    private static TcpFaultProxy proxy(Fixture fixture) {
        if (fixture.provider().wire() instanceof Wire.Tcp tcp) {
            return tcp.proxy();
        }
        throw new IllegalStateException("the provider is not reached over TCP");
    }
}
