package io.tributary.integrations.testkit.certify;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.testkit.Fault;
import io.tributary.integrations.testkit.InMemoryRun;
import io.tributary.integrations.testkit.ScriptedHttpServer;
import io.tributary.integrations.testkit.When;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What an integration does when answers over HTTP go wrong, at each request of a story. */
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
        return Rule.of(name, bench -> {
            List<Integer> places = Story.requests(bench);
            for (int place : places) {
                atRequest(place, fault, kinds, bench);
            }
            return new Outcome.Passed("at " + places.size() + " requests");
        });
    }

    private static void atRequest(int place, Fault fault, Set<Class<? extends TaskFailure>> kinds, Bench bench)
            throws InterruptedException {
        try (Trial trial = bench.begin()) {
            SyncedAccount account = trial.account();
            server(trial).inject(fault, When.request(place));
            for (InMemoryRun run : Story.tell(trial, account)) {
                FaultRules.mustFailOnlyAs(kinds, run, bench);
            }
            Breach.unless(trial.requests() >= place, "the story ended before the fault");
            FaultRules.mustRecover(trial, account);
        } catch (Breach breach) {
            throw breach.at("at request " + place);
        }
    }

    private static Outcome slow(Bench bench) throws InterruptedException {
        List<Integer> places = Story.requests(bench);
        for (int place : Set.of(places.getFirst(), places.getLast())) {
            try (Trial trial = bench.begin()) {
                SyncedAccount account = trial.account();
                account.account().taskTimeout(TIMEOUT);
                server(trial).inject(Fault.slow(Duration.ofMinutes(10)), When.request(place));
                for (InMemoryRun run : Story.tell(trial, account)) {
                    FaultRules.mustFailOnlyAs(FaultRules.TRANSIENT, run, bench);
                }
                FaultRules.mustRecover(trial, account);
            } catch (Breach breach) {
                throw breach.at("at request " + place);
            }
        }
        return Outcome.PASSED;
    }

    private static Outcome outage(Bench bench) throws InterruptedException {
        List<Integer> places = Story.requests(bench);
        for (int place : places) {
            try (Trial trial = bench.begin()) {
                trial.addThreePages();
                SyncedAccount account = trial.account();
                ScriptedHttpServer server = server(trial);
                FaultRules.outage(
                        bench,
                        trial,
                        account,
                        () -> server.inject(Fault.reset(), When.request(place).times(Integer.MAX_VALUE)),
                        server::heal);
            } catch (Breach breach) {
                throw breach.at("from request " + place + " on");
            }
        }
        return Outcome.PASSED;
    }

    private static Outcome charsets(Bench bench) throws InterruptedException {
        List<Fault> faults = List.of(
                Fault.charset("iso-8859-1"), Fault.charset("no-such"), Fault.encodedAs(StandardCharsets.ISO_8859_1));
        for (Fault fault : faults) {
            try (Trial trial = bench.begin()) {
                trial.addText("Gr\u00fc\u00dfe");
                SyncedAccount account = trial.account();
                server(trial).inject(fault, When.always());
                Trial.mustSucceed(account.sync());
                server(trial).heal();
                trial.mustEqualAnUndisturbedAccount(account);
            }
        }
        return Outcome.PASSED;
    }

    private static ScriptedHttpServer server(Trial trial) {
        if (trial.provider().wire() instanceof Wire.Http http) {
            return http.server();
        }
        throw new IllegalStateException("the provider is not reached by HTTP");
    }
}
