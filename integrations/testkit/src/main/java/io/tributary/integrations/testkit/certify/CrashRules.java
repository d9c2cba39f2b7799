package io.tributary.integrations.testkit.certify;

import io.tributary.integrations.testkit.InMemoryRun;
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

    private static Outcome fullSync(Bench bench) throws InterruptedException {
        List<Integer> places = Story.places(Story.tasksOfFullSync(bench), bench);
        try (Trial trial = bench.begin()) {
            List<String> ids = trial.addThreePages();
            for (int place : places) {
                crashInFullSync(place, trial, ids);
            }
        }
        return new Outcome.Passed(places.size() + " tasks");
    }

    private static void crashInFullSync(int place, Trial trial, List<String> ids) throws InterruptedException {
        try {
            SyncedAccount account = trial.account();
            account.account().crashAfterTask(place);
            trial.mustBring(account.sync(), ids);
            trial.mustEqualAnUndisturbedAccount(account);
        } catch (Breach breach) {
            throw breach.at("after task " + place);
        }
    }

    private static Outcome laterSync(Bench bench) throws InterruptedException {
        int tasks = tasksOfLaterSync(bench);
        for (int place : Story.places(tasks, bench)) {
            try (Trial trial = bench.begin()) {
                SyncedAccount account = beforeTheNews(trial);
                account.account().crashAfterTask(place);
                Trial.mustSucceed(account.sync());
                trial.mustEqualAnUndisturbedAccount(account);
            } catch (Breach breach) {
                throw breach.at("after task " + place);
            }
        }
        return new Outcome.Passed(tasks + " tasks");
    }

    private static int tasksOfLaterSync(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            InMemoryRun run = beforeTheNews(trial).sync();
            Trial.mustSucceed(run);
            return run.tasks().size();
        }
    }

    private static SyncedAccount beforeTheNews(Trial trial) throws InterruptedException {
        List<String> old = trial.addThreePages();
        SyncedAccount account = trial.syncedAccount();
        Story.news(trial, old);
        return account;
    }
}
