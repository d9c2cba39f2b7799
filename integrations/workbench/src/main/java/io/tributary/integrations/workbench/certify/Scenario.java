package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.workbench.InMemoryRun;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What an account does while faults happen: a full sync of three pages, some news, a sync of these. */
final class Scenario {

    private static final int NEWS = 2;

    private Scenario() {}

    /** What to look at after each sync. */
    interface AfterSync {
        void look(InMemoryRun run);
    }

    /** Runs it with an account that has not synced yet; returns the two runs. */
    static List<InMemoryRun> run(Fixture fixture, SyncedAccount account) throws InterruptedException {
        var runs = new ArrayList<InMemoryRun>();
        run(fixture, account, runs::add);
        return runs;
    }

    static void run(Fixture fixture, SyncedAccount account, AfterSync then) throws InterruptedException {
        List<String> old = fixture.addThreePages();
        then.look(account.sync());
        addNews(fixture, old);
        then.look(account.sync());
    }

    /** Some more items, and one of the old ones changes where items do. */
    static void addNews(Fixture fixture, List<String> old) {
        fixture.add(NEWS);
        if (fixture.provider().without(Feature.CHANGES).isEmpty()) {
            fixture.provider().change(old.getFirst());
        }
    }

    /** Steps of a scenario at which to inject a fault, from 1 on: all, or some of them, with the first and the last. */
    static List<Integer> places(int steps, Fixtures fixtures) {
        int most = fixtures.facts().mostPlaces();
        if (steps <= most) {
            return IntStream.rangeClosed(1, steps).boxed().toList();
        }
        return IntStream.range(0, most)
                .mapToObj(i -> 1 + (int) ((long) i * (steps - 1) / (most - 1)))
                .toList();
    }

    /** The places at which a request is sent when nothing happens. */
    static List<Integer> requests(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            run(fixture, fixture.account()).forEach(Fixture::mustSucceed);
            return places(Math.toIntExact(fixture.requests()), fixtures);
        }
    }

    /** The places at which a full sync of three pages sends a request when nothing happens. */
    static List<Integer> requestsOfFullSync(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            fixture.addThreePages();
            Fixture.mustSucceed(fixture.account().sync());
            return places(Math.toIntExact(fixture.requests()), fixtures);
        }
    }

    /** How many tasks a full sync of three pages has. */
    static int tasksOfFullSync(Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            fixture.addThreePages();
            InMemoryRun run = fixture.account().sync();
            Fixture.mustSucceed(run);
            return run.tasks().size();
        }
    }
}
