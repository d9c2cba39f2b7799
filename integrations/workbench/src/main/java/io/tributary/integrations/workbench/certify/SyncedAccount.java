package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.SettableClock;
import java.time.Duration;
import java.time.Instant;

/** An account on a double, with the rows that its syncs left. Before each sync, the manifest's interval passes. */
final class SyncedAccount implements AutoCloseable {

    /** An hour shows all that a day would, and leaves room below the engine's longest wait of 24 hours. */
    private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);

    private final Provider provider;
    private final SettableClock clock = SettableClock.at(Provider.START);
    private final ConnectedAccount account;
    private final Duration interval;
    private final Rows rows = new Rows();
    private Instant lastSyncAt = Provider.START;

    SyncedAccount(Provider provider) {
        this.provider = provider;
        Manifest manifest;
        try (var integration = provider.integration()) {
            manifest = integration.manifest();
        }
        Duration wanted = manifest.syncTypes().getFirst().interval();
        this.interval = wanted.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : wanted;
        this.account =
                ConnectedAccount.ofNew(provider::integration).clock(clock).credentials(provider.credentials());
        provider.hosts().forEach(account::host);
    }

    /** For what a test does to the next run. */
    ConnectedAccount account() {
        provider.config().values().forEach((key, value) -> {
            if (value != null) {
                account.config(key, value);
            }
        });
        return account;
    }

    SettableClock clock() {
        return clock;
    }

    /** When the last sync began, by the clock of the account. */
    Instant lastSyncAt() {
        return lastSyncAt;
    }

    Rows rows() {
        return rows;
    }

    JsonObject state() {
        return account.syncState();
    }

    InMemoryRun sync() throws InterruptedException {
        return sync(Options.NONE);
    }

    InMemoryRun sync(Options options) throws InterruptedException {
        clock.advance(interval);
        lastSyncAt = clock.instant();
        InMemoryRun run = account().sync(options);
        rows.take(run);
        return run;
    }

    @Override
    public void close() {
        account.close();
    }
}
