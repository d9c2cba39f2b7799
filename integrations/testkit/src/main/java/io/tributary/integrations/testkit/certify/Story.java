package io.tributary.integrations.testkit.certify;

import io.tributary.integrations.testkit.InMemoryRun;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What faults are put into: a full sync of three pages, then some news, then a sync of these. */
final class Story {

    private static final int NEWS = 2;

    private Story() {}

    /** What to look at after each sync. */
    interface AfterSync {
        void look(InMemoryRun run);
    }

    /** Tells it to an account that has not synced yet; returns the two runs. */
    static List<InMemoryRun> tell(Trial trial, SyncedAccount account) throws InterruptedException {
        var runs = new ArrayList<InMemoryRun>();
        tell(trial, account, runs::add);
        return runs;
    }

    static void tell(Trial trial, SyncedAccount account, AfterSync then) throws InterruptedException {
        List<String> old = trial.addThreePages();
        then.look(account.sync());
        news(trial, old);
        then.look(account.sync());
    }

    /** Some more items, and one of the old ones changes where items do. */
    static void news(Trial trial, List<String> old) {
        trial.add(NEWS);
        if (trial.provider().without(Feature.CHANGES).isEmpty()) {
            trial.provider().change(old.getFirst());
        }
    }

    /** Places of a story of so many steps, from 1 on: all, or some of them, with the first and the last. */
    static List<Integer> places(int steps, Bench bench) {
        int most = bench.facts().mostPlaces();
        if (steps <= most) {
            return IntStream.rangeClosed(1, steps).boxed().toList();
        }
        return IntStream.range(0, most)
                .mapToObj(i -> 1 + (int) ((long) i * (steps - 1) / (most - 1)))
                .toList();
    }

    /** The places at which a request is sent when nothing happens. */
    static List<Integer> requests(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            tell(trial, trial.account()).forEach(Trial::mustSucceed);
            return places(Math.toIntExact(trial.requests()), bench);
        }
    }

    /** The places at which a full sync of three pages sends a request when nothing happens. */
    static List<Integer> requestsOfFullSync(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            trial.addThreePages();
            Trial.mustSucceed(trial.account().sync());
            return places(Math.toIntExact(trial.requests()), bench);
        }
    }

    /** How many tasks a full sync of three pages has. */
    static int tasksOfFullSync(Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            trial.addThreePages();
            InMemoryRun run = trial.account().sync();
            Trial.mustSucceed(run);
            return run.tasks().size();
        }
    }
}
