package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.When;
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

    private static Outcome fullSync(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            List<String> ids = fixture.addThreePages();
            SyncedAccount account = fixture.account();
            InMemoryRun run = account.sync();
            fixture.mustBring(run, ids);
            fixture.mustHaveEverything(account);
            return new Outcome.Passed(ids.size() + " items, " + run.tasks().size() + " tasks");
        }
    }

    private static Outcome emptyAccount(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            SyncedAccount account = fixture.syncedAccount();
            fixture.mustBring(account.sync(), List.of());
            List<String> first = fixture.add(1);
            fixture.mustBring(account.sync(), first);
            return Outcome.PASSED;
        }
    }

    private static Outcome stableIds(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            SyncedAccount one = fixture.accountWithThreePages();
            fixture.mustEqualAnUndisturbedAccount(one);
            return Outcome.PASSED;
        }
    }

    private static Outcome secondSync(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            SyncedAccount account = fixture.accountWithThreePages();
            Map<String, Output> before = account.rows().items();
            InMemoryRun second = account.sync();
            Fixture.mustSucceed(second);
            if (fixtures.facts().lacks(Feature.MEMORY).isPresent()) {
                Breach.unless(account.rows().items().equals(before), "the second sync changed rows");
                return new Outcome.Passed("only unchanged items: "
                        + fixtures.facts().lacks(Feature.MEMORY).get());
            }
            fixture.mustBring(second, List.of());
            fixture.mustHaveEverything(account);
            return Outcome.PASSED;
        }
    }

    private static Outcome secondSyncAsksLittle(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            SyncedAccount account = fixture.accountWithThreePages();
            long before = fixture.requests();
            Fixture.mustSucceed(account.sync());
            long asked = fixture.requests() - before;
            int most = fixture.provider().mostRequestsWhenNothingIsNew();
            Breach.unless(asked <= most, asked + " requests when nothing is new; " + most + " is the most");
            return new Outcome.Passed(asked + " of " + most + " requests");
        }
    }

    private static Outcome newItems(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            SyncedAccount account = fixture.accountWithThreePages();
            for (int count : List.of(1, 2, fixture.provider().itemsOfThreePages())) {
                List<String> added = fixture.add(count);
                mustBring(account.sync(), added, fixture, fixtures);
                fixture.mustEqualAnUndisturbedAccount(account);
            }
            return Outcome.PASSED;
        }
    }

    private static Outcome changedItems(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            String changed = fixture.addThreePages().getFirst();
            SyncedAccount account = fixture.syncedAccount();
            Output before = account.rows().item(changed);
            for (int times = 0; times < 2; times++) {
                fixture.provider().change(changed);
                mustBring(account.sync(), List.of(changed), fixture, fixtures);
                fixture.mustEqualAnUndisturbedAccount(account);
            }
            Breach.unless(!account.rows().item(changed).equals(before), "the changed item is the same as it was");
            return Outcome.PASSED;
        }
    }

    /** Exactly these; where the provider shows what it showed before, these and unchanged ones. */
    private static void mustBring(InMemoryRun run, List<String> ids, Fixture fixture, Fixtures fixtures) {
        if (fixtures.facts().lacks(Feature.MEMORY).isEmpty()) {
            fixture.mustBring(run, ids);
            return;
        }
        Fixture.mustSucceed(run);
        Set<String> brought =
                new HashSet<>(run.outputs().stream().map(Rows::idOf).toList());
        Breach.unless(brought.containsAll(ids), "the run brought " + brought + " and not all of " + ids);
    }

    private static Outcome deletedItems(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            List<String> ids = fixture.addThreePages();
            SyncedAccount account = fixture.syncedAccount();
            fixture.delete(ids.get(1));
            fixture.delete(ids.getLast());
            InMemoryRun run = account.sync();
            Fixture.mustSucceed(run);
            boolean atOnce = !account.rows().ids().contains(ids.getLast());
            if (!atOnce) {
                Fixture.mustSucceed(account.sync(FORCE));
            }
            fixture.mustHaveEverything(account);
            Fixture.mustSucceed(account.sync());
            fixture.mustHaveEverything(account);
            return new Outcome.Passed((run.listing().everything() ? "by a complete list" : "one by one")
                    + (atOnce ? "" : ", in a forced run"));
        }
    }

    private static Outcome driftBetweenTasks(Fixtures fixtures) throws InterruptedException {
        for (int place : Scenario.places(Scenario.tasksOfFullSync(fixtures), fixtures)) {
            try (Fixture fixture = fixtures.create()) {
                List<String> old = fixture.addThreePages();
                SyncedAccount account = fixture.account();
                account.account().afterEachTask(number -> {
                    if (number == place) {
                        Scenario.addNews(fixture, old);
                    }
                });
                mustCatchUp(fixture, account, "after task " + place);
            }
        }
        return Outcome.PASSED;
    }

    private static Outcome driftBetweenRequests(Fixtures fixtures) throws InterruptedException {
        for (int place : Scenario.requestsOfFullSync(fixtures)) {
            try (Fixture fixture = fixtures.create()) {
                List<String> old = fixture.addThreePages();
                if (fixture.provider().wire() instanceof Wire.Http http) {
                    http.server()
                            .inject(
                                    new Fault.Changed(answer -> {
                                        Scenario.addNews(fixture, old);
                                        return answer;
                                    }),
                                    When.request(place));
                }
                mustCatchUp(fixture, fixture.account(), "after request " + place);
            }
        }
        return Outcome.PASSED;
    }

    private static void mustCatchUp(Fixture fixture, SyncedAccount account, String when) throws InterruptedException {
        try {
            Fixture.mustSucceed(account.sync());
            Fixture.mustSucceed(account.sync());
            fixture.mustEqualAnUndisturbedAccount(account);
        } catch (Breach breach) {
            throw breach.at("items were added or changed " + when);
        }
    }

    private static Outcome cursors(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            fixture.accountWithThreePages();
            if (fixture.provider().wire() instanceof Wire.Http http) {
                Breach.unless(
                        http.server().requests().stream().anyMatch(SyncRules::hasReservedCharacters),
                        "no cursor came back that has a character such as & or +: let the double's cursors have some,"
                                + " or say in without(CURSORS) why there are none");
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

    private static Outcome forced(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            List<String> ids = fixture.addThreePages();
            SyncedAccount account = fixture.syncedAccount();
            fixture.mustBring(account.sync(FORCE), ids);
            fixture.mustHaveEverything(account);
            List<String> added = fixture.add(1);
            mustBring(account.sync(), added, fixture, fixtures);
            return Outcome.PASSED;
        }
    }

    private static Outcome range(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            SyncedAccount account = fixture.accountWithThreePages();
            JsonObject before = account.state();
            List<String> added = fixture.add(2);
            Instant tomorrow = account.clock().instant().plus(Duration.ofDays(1));
            InMemoryRun run = account.sync(new Options(tomorrow, null, false));
            Fixture.mustSucceed(run);
            Breach.unless(run.outputs().isEmpty(), "a run from tomorrow on brought items of today");
            Breach.unless(account.state().equals(before), "a run over a range moved the sync state");
            Breach.unless(!run.listing().everything(), "a run over a range says that it lists everything");
            InMemoryRun past = account.sync(new Options(null, tomorrow, false));
            Fixture.mustSucceed(past);
            Breach.unless(
                    new HashSet<>(past.outputs().stream().map(Rows::idOf).toList()).containsAll(added),
                    "a run over the time until tomorrow lacks items of today");
            Breach.unless(account.state().equals(before), "a run over a range moved the sync state");
            mustBring(account.sync(), added, fixture, fixtures);
            return Outcome.PASSED;
        }
    }
}
