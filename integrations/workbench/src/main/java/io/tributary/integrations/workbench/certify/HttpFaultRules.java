package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import io.tributary.integrations.workbench.server.When;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What an integration does when answers over HTTP go wrong, at each request of a scenario. */
final class HttpFaultRules {

    /** Much longer than a task needs, and short enough to be waited for. */
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private HttpFaultRules() {}

    static Stream<Rule> all() {
        return Stream.of(
                        once("a 500 is tried again and loses nothing", Fault.status(500), FaultRules.TRANSIENT),
                        once("a 503 is tried again and loses nothing", Fault.status(503), FaultRules.TRANSIENT),
                        once(
                                "a reset connection is tried again and loses nothing",
                                Fault.reset(),
                                FaultRules.TRANSIENT),
                        once(
                                "a connection that is reset in an answer is tried again and loses nothing",
                                new Fault.Reset(Fault.Stage.MIDWAY),
                                FaultRules.TRANSIENT),
                        once(
                                "a truncated answer is tried again and loses nothing",
                                Fault.truncated(),
                                FaultRules.TRANSIENT),
                        once("malformed JSON is no answer and loses nothing", Fault.malformed(), FaultRules.UNREADABLE),
                        once(
                                "HTML in place of JSON is no answer and loses nothing",
                                Fault.html(),
                                FaultRules.UNREADABLE),
                        Rule.of("an answer that does not come in time loses nothing", HttpFaultRules::slow),
                        Rule.of("an outage at any request loses nothing", HttpFaultRules::outage),
                        Rule.of(Feature.TEXT, "a wrong charset changes no text", HttpFaultRules::charsets))
                .map(rule -> rule.and(Facts::lacksHttp));
    }

    private static Rule once(String name, Fault fault, Set<Class<? extends TaskFailure>> kinds) {
        return Rule.of(name, fixtures -> {
            List<Integer> places = Scenario.requests(fixtures);
            for (int place : places) {
                atRequest(place, fault, kinds, fixtures);
            }
            return new Outcome.Passed("at " + places.size() + " requests");
        });
    }

    private static void atRequest(int place, Fault fault, Set<Class<? extends TaskFailure>> kinds, Fixtures fixtures)
            throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            SyncedAccount account = fixture.account();
            server(fixture).inject(fault, When.request(place));
            for (InMemoryRun run : Scenario.run(fixture, account)) {
                FaultRules.mustFailOnlyAs(kinds, run, fixtures);
            }
            Breach.unless(fixture.requests() >= place, "the scenario ended before the fault");
            FaultRules.mustRecover(fixture, account);
        } catch (Breach breach) {
            throw breach.at("at request " + place);
        }
    }

    private static Outcome slow(Fixtures fixtures) throws InterruptedException {
        List<Integer> places = Scenario.requests(fixtures);
        for (int place : Set.of(places.getFirst(), places.getLast())) {
            try (Fixture fixture = fixtures.create()) {
                SyncedAccount account = fixture.account();
                account.account().taskTimeout(TIMEOUT);
                server(fixture).inject(Fault.slow(Duration.ofMinutes(10)), When.request(place));
                for (InMemoryRun run : Scenario.run(fixture, account)) {
                    FaultRules.mustFailOnlyAs(FaultRules.TRANSIENT, run, fixtures);
                }
                FaultRules.mustRecover(fixture, account);
            } catch (Breach breach) {
                throw breach.at("at request " + place);
            }
        }
        return Outcome.PASSED;
    }

    private static Outcome outage(Fixtures fixtures) throws InterruptedException {
        List<Integer> places = Scenario.requests(fixtures);
        for (int place : places) {
            try (Fixture fixture = fixtures.create()) {
                fixture.addThreePages();
                SyncedAccount account = fixture.account();
                ScriptedHttpServer server = server(fixture);
                FaultRules.outage(
                        fixtures,
                        fixture,
                        account,
                        () -> server.inject(Fault.reset(), When.request(place).times(Integer.MAX_VALUE)),
                        server::heal);
            } catch (Breach breach) {
                throw breach.at("from request " + place + " on");
            }
        }
        return Outcome.PASSED;
    }

    private static Outcome charsets(Fixtures fixtures) throws InterruptedException {
        List<Fault> faults = List.of(
                Fault.charset("iso-8859-1"), Fault.charset("no-such"), Fault.encodedAs(StandardCharsets.ISO_8859_1));
        for (Fault fault : faults) {
            try (Fixture fixture = fixtures.create()) {
                fixture.addText("Gr\u00fc\u00dfe");
                SyncedAccount account = fixture.account();
                server(fixture).inject(fault, When.always());
                Fixture.mustSucceed(account.sync());
                server(fixture).heal();
                fixture.mustEqualAnUndisturbedAccount(account);
            }
        }
        return Outcome.PASSED;
    }

    private static ScriptedHttpServer server(Fixture fixture) {
        if (fixture.provider().wire() instanceof Wire.Http http) {
            return http.server();
        }
        throw new IllegalStateException("the provider is not reached by HTTP");
    }
}
