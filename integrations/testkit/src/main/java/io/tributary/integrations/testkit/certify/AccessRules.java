package io.tributary.integrations.testkit.certify;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.testkit.Fault;
import io.tributary.integrations.testkit.InMemoryRun;
import io.tributary.integrations.testkit.ScriptedAnswer;
import io.tributary.integrations.testkit.When;
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

    private static Outcome expired(Bench bench) throws InterruptedException {
        List<Integer> places = Story.places(Story.tasksOfFullSync(bench), bench);
        expiredAfter(0, bench);
        for (int place : places.subList(0, places.size() - 1)) {
            expiredAfter(place, bench);
        }
        return Outcome.PASSED;
    }

    private static void expiredAfter(int task, Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            trial.addThreePages();
            SyncedAccount account = trial.account();
            var renewals = new AtomicInteger();
            account.account().renewing(() -> {
                renewals.incrementAndGet();
                return trial.provider().renewed();
            });
            if (task == 0) {
                trial.provider().expire();
            } else {
                account.account().afterEachTask(number -> {
                    if (number == task) {
                        trial.provider().expire();
                    }
                });
            }
            Trial.mustSucceed(account.sync());
            Breach.unless(renewals.get() == 1, "it was renewed " + renewals + " times, not once");
            trial.mustHaveEverything(account);
        } catch (Breach breach) {
            throw breach.at("the token expired after task " + task);
        }
    }

    private static Outcome revoked(Bench bench) throws Exception {
        try (Trial trial = bench.begin()) {
            trial.addThreePages();
            SyncedAccount account = trial.syncedAccount();
            trial.add(1);
            JsonObject before = account.state();
            Account connected = account.account().connect();
            trial.provider().revoke();
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
            account.account().connect();
        } catch (TaskFailure failure) {
            mustBeUnauthorized(failure);
            return;
        }
        throw new Breach("connect told an account although access was revoked");
    }

    private static void mustBeUnauthorized(TaskFailure failure) {
        Breach.unless(
                failure instanceof TaskFailure.Unauthorized,
                "revoked access is not Unauthorized but " + Told.failure(failure));
    }

    private static Outcome secrets(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            var secrets = Secrets.of(trial.provider().credentials());
            SyncedAccount account = trial.account();
            Story.tell(trial, account).forEach(secrets::mustNotBeIn);
            if (bench.facts().lacks(Feature.REVOCATION).isEmpty()) {
                trial.provider().revoke();
                secrets.mustNotBeIn(account.sync());
            }
            return Outcome.PASSED;
        }
    }

    private static Outcome echoedSecrets(Bench bench) throws InterruptedException {
        for (int place : Story.requestsOfFullSync(bench)) {
            for (int status : REFUSALS) {
                echoFrom(place, status, bench);
            }
        }
        return Outcome.PASSED;
    }

    private static void echoFrom(int place, int status, Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            trial.addThreePages();
            Map<String, String> credentials = trial.provider().credentials();
            String echo = "not welcome: " + String.join(", ", credentials.values());
            if (trial.provider().wire() instanceof Wire.Http http) {
                http.server()
                        .inject(
                                new Fault.Instead(ScriptedAnswer.json("error", echo)
                                        .withStatus(status)
                                        .header("X-Error", echo)),
                                When.request(place).times(Integer.MAX_VALUE));
            }
            Secrets.of(credentials).mustNotBeIn(trial.account().sync());
        } catch (Breach breach) {
            throw breach.at("status " + status + " from request " + place + " on");
        }
    }
}
