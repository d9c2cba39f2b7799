package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.workbench.InMemoryRun;
import java.util.List;
import java.util.stream.Stream;

/** What comes of it when the worker dies after a task and before its result is taken. */
final class CrashRules {

    private CrashRules() {}

    static Stream<Rule> all() {
        return Stream.of(
                Rule.of("a crash after any task of a full sync changes nothing", CrashRules::fullSync),
                Rule.of("a crash after any task of a later sync changes nothing", CrashRules::laterSync));
    }

    private static Outcome fullSync(Fixtures fixtures) throws InterruptedException {
        List<Integer> places = Scenario.places(Scenario.tasksOfFullSync(fixtures), fixtures);
        try (Fixture fixture = fixtures.create()) {
            List<String> ids = fixture.addThreePages();
            for (int place : places) {
                crashInFullSync(place, fixture, ids);
            }
        }
        return new Outcome.Passed(places.size() + " tasks");
    }

    private static void crashInFullSync(int place, Fixture fixture, List<String> ids) throws InterruptedException {
        try {
            SyncedAccount account = fixture.account();
            account.account().crashAfterTask(place);
            fixture.mustBring(account.sync(), ids);
            fixture.mustEqualAnUndisturbedAccount(account);
        } catch (Breach breach) {
            throw breach.at("after task " + place);
        }
    }

    private static Outcome laterSync(Fixtures fixtures) throws InterruptedException {
        int tasks = tasksOfLaterSync(fixtures);
        for (int place : Scenario.places(tasks, fixtures)) {
            try (Fixture fixture = fixtures.create()) {
                SyncedAccount account = beforeTheNews(fixture);
                account.account().crashAfterTask(place);
                Fixture.mustSucceed(account.sync());
                fixture.mustEqualAnUndisturbedAccount(account);
            } catch (Breach breach) {
                throw breach.at("after task " + place);
            }
        }
        return new Outcome.Passed(tasks + " tasks");
    }

    private static int tasksOfLaterSync(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            InMemoryRun run = beforeTheNews(fixture).sync();
            Fixture.mustSucceed(run);
            return run.tasks().size();
        }
    }

    private static SyncedAccount beforeTheNews(Fixture fixture) throws InterruptedException {
        List<String> old = fixture.addThreePages();
        SyncedAccount account = fixture.syncedAccount();
        Scenario.addNews(fixture, old);
        return account;
    }
}
