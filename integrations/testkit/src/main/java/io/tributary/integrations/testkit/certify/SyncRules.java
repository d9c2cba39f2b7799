package io.tributary.integrations.testkit.certify;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.testkit.Fault;
import io.tributary.integrations.testkit.InMemoryRun;
import io.tributary.integrations.testkit.ReceivedRequest;
import io.tributary.integrations.testkit.When;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a sync brings when nothing goes wrong. */
final class SyncRules {

    private static final Options FORCE = new Options(null, null, true);
    private static final Pattern RESERVED = Pattern.compile("[&+/=%#?: ]");

    private SyncRules() {}

    static Stream<Rule> all() {
        return Stream.of(
                Rule.of("a full sync brings every item once", SyncRules::fullSync),
                Rule.of("an empty account syncs, and what comes later is found", SyncRules::emptyAccount),
                Rule.of("two accounts know an item by the same id", SyncRules::stableIds),
                Rule.of("a second sync brings nothing", SyncRules::secondSync),
                Rule.of("a second sync asks little", SyncRules::secondSyncAsksLittle)
                        .and(Facts::lacksConnection),
                Rule.of("exactly the new items come", SyncRules::newItems),
                Rule.of(Feature.CHANGES, "exactly the changed items come again", SyncRules::changedItems),
                Rule.of(Feature.DELETIONS, "deleted items go, and no other", SyncRules::deletedItems),
                Rule.of("items added or changed between two tasks are not lost", SyncRules::driftBetweenTasks),
                Rule.of("items added or changed between two requests are not lost", SyncRules::driftBetweenRequests)
                        .and(Facts::lacksHttp),
                Rule.of(Feature.CURSORS, "a cursor with reserved characters comes back whole", SyncRules::cursors)
                        .and(Facts::lacksHttp),
                Rule.of("a forced run brings everything again", SyncRules::forced),
                Rule.of(Feature.RANGES, "a run over a range keeps to it and leaves the state alone", SyncRules::range));
    }

    private static Outcome fullSync(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            List<String> ids = trial.addThreePages();
            SyncedAccount account = trial.account();
            InMemoryRun run = account.sync();
            trial.mustBring(run, ids);
            trial.mustHaveEverything(account);
            return new Outcome.Passed(ids.size() + " items, " + run.tasks().size() + " tasks");
        }
    }

    private static Outcome emptyAccount(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            SyncedAccount account = trial.syncedAccount();
            trial.mustBring(account.sync(), List.of());
            List<String> first = trial.add(1);
            trial.mustBring(account.sync(), first);
            return Outcome.PASSED;
        }
    }

    private static Outcome stableIds(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            trial.addThreePages();
            SyncedAccount one = trial.syncedAccount();
            trial.mustEqualAnUndisturbedAccount(one);
            return Outcome.PASSED;
        }
    }

    private static Outcome secondSync(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            trial.addThreePages();
            SyncedAccount account = trial.syncedAccount();
            Map<String, Output> before = account.rows().items();
            InMemoryRun second = account.sync();
            Trial.mustSucceed(second);
            if (bench.facts().lacks(Feature.MEMORY).isPresent()) {
                Breach.unless(account.rows().items().equals(before), "the second sync changed rows");
                return new Outcome.Passed("only unchanged items: "
                        + bench.facts().lacks(Feature.MEMORY).get());
            }
            trial.mustBring(second, List.of());
            trial.mustHaveEverything(account);
            return Outcome.PASSED;
        }
    }

    private static Outcome secondSyncAsksLittle(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            trial.addThreePages();
            SyncedAccount account = trial.syncedAccount();
            long before = trial.requests();
            Trial.mustSucceed(account.sync());
            long asked = trial.requests() - before;
            int most = trial.provider().mostRequestsWhenNothingIsNew();
            Breach.unless(asked <= most, asked + " requests when nothing is new; " + most + " is the most");
            return new Outcome.Passed(asked + " of " + most + " requests");
        }
    }

    private static Outcome newItems(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            trial.addThreePages();
            SyncedAccount account = trial.syncedAccount();
            for (int count : List.of(1, 2, trial.provider().itemsOfThreePages())) {
                List<String> added = trial.add(count);
                mustBring(account.sync(), added, trial, bench);
                trial.mustEqualAnUndisturbedAccount(account);
            }
            return Outcome.PASSED;
        }
    }

    private static Outcome changedItems(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            String changed = trial.addThreePages().getFirst();
            SyncedAccount account = trial.syncedAccount();
            Output before = account.rows().item(changed);
            for (int times = 0; times < 2; times++) {
                trial.provider().change(changed);
                mustBring(account.sync(), List.of(changed), trial, bench);
                trial.mustEqualAnUndisturbedAccount(account);
            }
            Breach.unless(!account.rows().item(changed).equals(before), "the changed item is the same as it was");
            return Outcome.PASSED;
        }
    }

    /** Exactly these; where the provider shows what it showed before, these and unchanged ones. */
    private static void mustBring(InMemoryRun run, List<String> ids, Trial trial, Bench bench) {
        if (bench.facts().lacks(Feature.MEMORY).isEmpty()) {
            trial.mustBring(run, ids);
            return;
        }
        Trial.mustSucceed(run);
        Set<String> brought =
                new HashSet<>(run.outputs().stream().map(Rows::idOf).toList());
        Breach.unless(brought.containsAll(ids), "the run brought " + brought + " and not all of " + ids);
    }

    private static Outcome deletedItems(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            List<String> ids = trial.addThreePages();
            SyncedAccount account = trial.syncedAccount();
            trial.delete(ids.get(1));
            trial.delete(ids.getLast());
            InMemoryRun run = account.sync();
            Trial.mustSucceed(run);
            boolean atOnce = !account.rows().ids().contains(ids.getLast());
            if (!atOnce) {
                Trial.mustSucceed(account.sync(FORCE));
            }
            trial.mustHaveEverything(account);
            Trial.mustSucceed(account.sync());
            trial.mustHaveEverything(account);
            return new Outcome.Passed((run.listing().everything() ? "by a complete list" : "one by one")
                    + (atOnce ? "" : ", in a forced run"));
        }
    }

    private static Outcome driftBetweenTasks(Bench bench) throws InterruptedException {
        for (int place : Story.places(Story.tasksOfFullSync(bench), bench)) {
            try (Trial trial = bench.begin()) {
                List<String> old = trial.addThreePages();
                SyncedAccount account = trial.account();
                account.account().afterEachTask(number -> {
                    if (number == place) {
                        Story.news(trial, old);
                    }
                });
                mustCatchUp(trial, account, "after task " + place);
            }
        }
        return Outcome.PASSED;
    }

    private static Outcome driftBetweenRequests(Bench bench) throws InterruptedException {
        for (int place : Story.requestsOfFullSync(bench)) {
            try (Trial trial = bench.begin()) {
                List<String> old = trial.addThreePages();
                if (trial.provider().wire() instanceof Wire.Http http) {
                    http.server()
                            .inject(
                                    new Fault.Changed(answer -> {
                                        Story.news(trial, old);
                                        return answer;
                                    }),
                                    When.request(place));
                }
                mustCatchUp(trial, trial.account(), "after request " + place);
            }
        }
        return Outcome.PASSED;
    }

    private static void mustCatchUp(Trial trial, SyncedAccount account, String when) throws InterruptedException {
        try {
            Trial.mustSucceed(account.sync());
            Trial.mustSucceed(account.sync());
            trial.mustEqualAnUndisturbedAccount(account);
        } catch (Breach breach) {
            throw breach.at("items were added or changed " + when);
        }
    }

    private static Outcome cursors(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            trial.addThreePages();
            trial.syncedAccount();
            if (trial.provider().wire() instanceof Wire.Http http) {
                Breach.unless(
                        http.server().requests().stream().anyMatch(SyncRules::hasReservedCharacters),
                        "no cursor came back that has a character such as & or +: let the double's cursors have some, or say in without(CURSORS) why there are none");
            }
            return Outcome.PASSED;
        }
    }

    private static boolean hasReservedCharacters(ReceivedRequest request) {
        Stream<String> values = Stream.of(request.rawQuery(), request.text())
                .flatMap(pairs -> Stream.of(pairs.split("&")))
                .filter(pair -> pair.contains("="))
                .map(pair -> pair.substring(pair.indexOf('=') + 1));
        return values.map(value -> URLDecoder.decode(value, StandardCharsets.UTF_8))
                .anyMatch(value -> RESERVED.matcher(value).results().count() >= 2);
    }

    private static Outcome forced(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            List<String> ids = trial.addThreePages();
            SyncedAccount account = trial.syncedAccount();
            trial.mustBring(account.sync(FORCE), ids);
            trial.mustHaveEverything(account);
            List<String> added = trial.add(1);
            mustBring(account.sync(), added, trial, bench);
            return Outcome.PASSED;
        }
    }

    private static Outcome range(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            trial.addThreePages();
            SyncedAccount account = trial.syncedAccount();
            JsonObject before = account.state();
            List<String> added = trial.add(2);
            Instant tomorrow = account.clock().instant().plus(Duration.ofDays(1));
            InMemoryRun run = account.sync(new Options(tomorrow, null, false));
            Trial.mustSucceed(run);
            Breach.unless(run.outputs().isEmpty(), "a run from tomorrow on brought items of today");
            Breach.unless(account.state().equals(before), "a run over a range moved the sync state");
            Breach.unless(!run.listing().everything(), "a run over a range says that it lists everything");
            InMemoryRun past = account.sync(new Options(null, tomorrow, false));
            Trial.mustSucceed(past);
            Breach.unless(
                    new HashSet<>(past.outputs().stream().map(Rows::idOf).toList()).containsAll(added),
                    "a run over the time until tomorrow lacks items of today");
            Breach.unless(account.state().equals(before), "a run over a range moved the sync state");
            mustBring(account.sync(), added, trial, bench);
            return Outcome.PASSED;
        }
    }
}
