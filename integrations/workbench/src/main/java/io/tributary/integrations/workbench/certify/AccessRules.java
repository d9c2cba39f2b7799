package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.When;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** What an integration does with credentials, and without. */
final class AccessRules {

    private static final List<Integer> REFUSALS = List.of(400, 401, 403, 500);

    private AccessRules() {}

    static Stream<Rule> all() {
        return Stream.of(
                Rule.of(Feature.RENEWAL, "an expired token is renewed once, and the run goes on", AccessRules::expired),
                Rule.of(Feature.REVOCATION, "revoked access is Unauthorized", AccessRules::revoked),
                Rule.of("no credential gets out", AccessRules::secrets).and(AccessRules::lacksSecrets),
                Rule.of("no credential gets out when the provider echoes it", AccessRules::echoedSecrets)
                        .and(AccessRules::lacksSecrets)
                        .and(Facts::lacksHttp));
    }

    private static Optional<String> lacksSecrets(Facts facts) {
        return facts.manifest().auth().isEmpty()
                ? Optional.of("the integration takes no credentials")
                : Optional.empty();
    }

    private static Outcome expired(Fixtures fixtures) throws InterruptedException {
        List<Integer> places = Scenario.places(Scenario.tasksOfFullSync(fixtures), fixtures);
        expiredAfter(0, fixtures);
        for (int place : places.subList(0, places.size() - 1)) {
            expiredAfter(place, fixtures);
        }
        return Outcome.PASSED;
    }

    private static void expiredAfter(int task, Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            fixture.addThreePages();
            SyncedAccount account = fixture.account();
            var renewals = new AtomicInteger();
            account.account().renewing(() -> {
                renewals.incrementAndGet();
                return fixture.provider().renewed();
            });
            if (task == 0) {
                fixture.provider().expire();
            } else {
                account.account().afterEachTask(number -> {
                    if (number == task) {
                        fixture.provider().expire();
                    }
                });
            }
            Fixture.mustSucceed(account.sync());
            Breach.unless(renewals.get() == 1, "it was renewed " + renewals + " times, not once");
            fixture.mustHaveEverything(account);
        } catch (Breach breach) {
            throw breach.at("the token expired after task " + task);
        }
    }

    private static Outcome revoked(Fixtures fixtures) throws Exception {
        try (Fixture fixture = fixtures.create()) {
            SyncedAccount account = fixture.accountWithThreePages();
            fixture.add(1);
            JsonObject before = account.state();
            Account connected = account.account().identify();
            fixture.provider().revoke();
            InMemoryRun run = account.sync();
            Breach.unless(!run.succeeded(), "the run succeeded although access was revoked");
            for (TaskFailure failure : run.failures()) {
                mustBeUnauthorized(failure);
            }
            Breach.unless(account.state().equals(before), "the sync state moved although access was revoked");
            if (!connected.equals(Account.UNKNOWN)) {
                mustRefuse(account);
            }
            return new Outcome.Passed(run.failureCodes().getFirst());
        }
    }

    private static void mustRefuse(SyncedAccount account) throws InterruptedException {
        try {
            account.account().identify();
        } catch (TaskFailure failure) {
            mustBeUnauthorized(failure);
            return;
        }
        throw new Breach("identify returned an account although access was revoked");
    }

    private static void mustBeUnauthorized(TaskFailure failure) {
        Breach.unless(
                failure instanceof TaskFailure.Unauthorized,
                "revoked access is not Unauthorized but " + ReportText.failure(failure));
    }

    private static Outcome secrets(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            var secrets = Secrets.of(fixture.provider().credentials());
            SyncedAccount account = fixture.account();
            Scenario.run(fixture, account).forEach(secrets::mustNotBeIn);
            if (fixtures.facts().lacks(Feature.REVOCATION).isEmpty()) {
                fixture.provider().revoke();
                secrets.mustNotBeIn(account.sync());
            }
            return Outcome.PASSED;
        }
    }

    private static Outcome echoedSecrets(Fixtures fixtures) throws InterruptedException {
        for (int place : Scenario.requestsOfFullSync(fixtures)) {
            for (int status : REFUSALS) {
                echoFrom(place, status, fixtures);
            }
        }
        return Outcome.PASSED;
    }

    private static void echoFrom(int place, int status, Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            fixture.addThreePages();
            Map<String, String> credentials = fixture.provider().credentials();
            String echo = "not welcome: " + String.join(", ", credentials.values());
            if (fixture.provider().wire() instanceof Wire.Http http) {
                http.server()
                        .inject(
                                new Fault.Instead(ScriptedAnswer.json("error", echo)
                                        .withStatus(status)
                                        .header("X-Error", echo)),
                                When.request(place).times(Integer.MAX_VALUE));
            }
            Secrets.of(credentials).mustNotBeIn(fixture.account().sync());
        } catch (Breach breach) {
            throw breach.at("status " + status + " from request " + place + " on");
        }
    }
}
