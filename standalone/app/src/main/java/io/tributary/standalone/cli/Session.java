package io.tributary.standalone.cli;

import io.tributary.standalone.UserError;
import io.tributary.standalone.api.Account;
import io.tributary.standalone.api.ApiClient;
import io.tributary.standalone.api.SyncRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Connects accounts and syncs them once, side by side, showing the progress. */
record Session(ApiClient api, Terminal terminal) {

    private static final Duration POLL = Duration.ofMillis(100);
    /** For how long an integration may be missing after a start: the API learns of them from the worker. */
    private static final Duration PLATFORM_PATIENCE = Duration.ofSeconds(15);

    /**
     * The sync of an account, as it was at the last look.
     *
     * @param name of the account
     * @param elapsed from its trigger to that look
     */
    record Sync(String name, String userIntegrationId, SyncRun run, Duration elapsed) {

        boolean isLive() {
            return run.isLive();
        }

        /** Tasks a second. */
        double rate() {
            return run.done() * 1000.0 / Math.max(1, elapsed.toMillis());
        }
    }

    /**
     * Returns when all runs have ended, well or not.
     *
     * @throws io.tributary.standalone.api.ApiFailure when the API refuses an account; the message says what is wrong
     */
    List<Sync> sync(List<Account> accounts) throws InterruptedException {
        terminal.title("Syncing");
        for (Account account : accounts) {
            awaitPlatform(account.integrationDomain());
        }
        long startNanos = System.nanoTime();
        var syncs = new ArrayList<Sync>();
        for (Account account : accounts) {
            String id = api.connect(account);
            syncs.add(new Sync(account.name(), id, api.run(api.trigger(id)), Duration.ZERO));
        }
        follow(syncs, startNanos);
        return syncs;
    }

    private void awaitPlatform(String domain) throws InterruptedException {
        long deadline = System.nanoTime() + PLATFORM_PATIENCE.toNanos();
        var platforms = api.platforms();
        while (!platforms.contains(domain)) {
            if (System.nanoTime() - deadline > 0) {
                throw new UserError("there is no integration '" + domain + "'; there are " + platforms);
            }
            Thread.sleep(POLL);
            platforms = api.platforms();
        }
    }

    private void follow(List<Sync> syncs, long startNanos) throws InterruptedException {
        var progress = new Progress(terminal);
        progress.show(syncs, System.nanoTime());
        while (syncs.stream().anyMatch(Sync::isLive)) {
            Thread.sleep(POLL);
            for (int i = 0; i < syncs.size(); i++) {
                syncs.set(i, lookAgain(syncs.get(i), startNanos));
            }
            progress.show(syncs, System.nanoTime());
        }
    }

    private Sync lookAgain(Sync sync, long startNanos) throws InterruptedException {
        if (!sync.isLive()) {
            return sync;
        }
        var run = api.run(sync.run().id());
        return new Sync(sync.name(), sync.userIntegrationId(), run, Duration.ofNanos(System.nanoTime() - startNanos));
    }
}
