package io.tributary.standalone.cli;

import io.tributary.standalone.api.SyncRun;
import java.time.Duration;

/**
 * The sync of an account, as it was when last looked at.
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
