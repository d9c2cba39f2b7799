package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.Task;
import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.When;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What an integration does when the provider asks to wait: it says for how long, and tries again at no cost. */
final class WaitRules {

    private static final Duration WAIT = Duration.ofSeconds(90);

    /** After all that a scenario does, and less than the engine's longest wait of 24 hours away. */
    private static final Instant LATER = Provider.START.plus(Duration.ofHours(10));

    private WaitRules() {}

    static Stream<Rule> all() {
        return Stream.of(
                Rule.of(
                                "429 with Retry-After in seconds waits so long and costs no attempt",
                                fixtures -> atEachRequest(fixtures, Fault.rateLimited(WAIT), start -> WAIT))
                        .and(Facts::lacksHttp),
                Rule.of(
                                "429 with Retry-After as a date waits until then and costs no attempt",
                                fixtures ->
                                        atEachRequest(fixtures, Fault.rateLimitedUntil(LATER), WaitRules::untilLater))
                        .and(Facts::lacksHttp),
                Rule.of(
                                "403 with an exhausted quota waits for the next one and costs no attempt",
                                fixtures -> atEachRequest(fixtures, Fault.quotaExhausted(LATER), WaitRules::untilLater))
                        .and(Facts::lacksHttp),
                Rule.of("the provider's own words for too much wait as long as they mean", WaitRules::ownWords)
                        .and(WaitRules::lacksOwnWords));
    }

    /** How long a run that began then has to wait. */
    private interface Expected {
        Duration wait(Instant start);
    }

    private static Duration untilLater(Instant start) {
        return Duration.between(start, LATER);
    }

    private static Optional<String> lacksOwnWords(Facts facts) {
        return facts.quotaAnswers() > 0
                ? Optional.empty()
                : Optional.of("the double knows no other way in which the provider says it");
    }

    private static Outcome atEachRequest(Fixtures fixtures, Fault fault, Expected expected)
            throws InterruptedException {
        for (int place : Scenario.requests(fixtures)) {
            try (Fixture fixture = fixtures.create()) {
                if (fixture.provider().wire() instanceof Wire.Http http) {
                    http.server().inject(fault, When.request(place));
                }
                mustWaitOnce(fixture, expected, "request " + place);
            }
        }
        return Outcome.PASSED;
    }

    private static Outcome ownWords(Fixtures fixtures) throws InterruptedException {
        var names = new ArrayList<String>();
        for (int i = 0; i < fixtures.facts().quotaAnswers(); i++) {
            try (Fixture fixture = fixtures.create()) {
                QuotaAnswer answer = fixture.provider().quotaAnswers().get(i);
                answer.inject().run();
                mustWaitOnce(fixture, start -> answer.rest(), answer.name());
                names.add(answer.name());
            }
        }
        return new Outcome.Passed(String.join(", ", names));
    }

    private static void mustWaitOnce(Fixture fixture, Expected expected, String where) throws InterruptedException {
        SyncedAccount account = fixture.account();
        var waits = new ArrayList<Duration>();
        Scenario.run(fixture, account, run -> {
            Fixture.mustSucceed(run);
            mustCostNoAttempt(run, where);
            if (!run.waits().isEmpty()) {
                waits.addAll(run.waits());
                List<Duration> wanted = List.of(expected.wait(account.lastSyncAt()));
                Breach.unless(run.waits().equals(wanted), where + ": waited " + run.waits() + " instead of " + wanted);
            }
        });
        Breach.unless(!waits.isEmpty(), where + ": did not wait at all");
        fixture.mustHaveEverything(account);
    }

    private static void mustCostNoAttempt(InMemoryRun run, String where) {
        for (Task task : run.tasks()) {
            Breach.unless(task.attempt() == 1, where + ": waiting cost an attempt of " + task.type());
        }
    }
}
