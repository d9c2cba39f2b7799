package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.InMemoryRun;
import java.util.Set;

/** What has to come of a fault: failures of the right kind while it is there, and nothing lost when it is gone. */
final class FaultRules {

    /** Kinds of failures that a fault of the connection may end a task with. */
    static final Set<Class<? extends TaskFailure>> TRANSIENT = Set.of(TaskFailure.Transient.class);

    /** Kinds of failures that an answer may end a task with that cannot be read. */
    static final Set<Class<? extends TaskFailure>> UNREADABLE =
            Set.of(TaskFailure.Transient.class, TaskFailure.Permanent.class);

    private FaultRules() {}

    /** After the scenario with its faults: one more sync brings everything, as if there had been none. */
    static void mustRecover(Fixture fixture, SyncedAccount account) throws InterruptedException {
        Fixture.mustSucceed(account.sync());
        fixture.mustEqualAnUndisturbedAccount(account);
    }

    static void mustFailOnlyAs(Set<Class<? extends TaskFailure>> kinds, InMemoryRun run, Fixtures fixtures) {
        String domain = fixtures.facts().manifest().domain() + ".";
        for (TaskFailure failure : run.failures()) {
            Breach.unless(
                    kinds.contains(failure.getClass()),
                    "a failure that may pass is reported as " + ReportText.failure(failure));
            Breach.unless(
                    failure.code().startsWith(domain) || failure.code().startsWith("polling."),
                    "the code " + failure.code() + " begins neither with " + domain + " nor with polling.");
        }
    }

    /**
     * The provider goes away, in the middle of things perhaps, and comes back.
     *
     * @param begin called before the runs that meet the outage
     * @param end called after them
     */
    static void outage(Fixtures fixtures, Fixture fixture, SyncedAccount account, Runnable begin, Runnable end)
            throws InterruptedException {
        JsonObject before = account.state();
        begin.run();
        InMemoryRun run = account.sync();
        mustFailOnlyAs(TRANSIENT, run, fixtures);
        Breach.unless(
                run.succeeded()
                        || advancesPastFailures(fixtures)
                        || account.state().equals(before),
                "the sync state moved although the run failed");
        end.run();
        mustRecover(fixture, account);
    }

    /** Such a state may move; that it has no gap shows when everything has been recovered. */
    private static boolean advancesPastFailures(Fixtures fixtures) {
        return fixtures.facts().manifest().syncTypes().getFirst().advancesPastFailures();
    }
}
