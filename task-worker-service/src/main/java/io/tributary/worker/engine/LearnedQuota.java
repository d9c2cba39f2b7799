package io.tributary.worker.engine;

import io.tributary.integrations.api.Quota;

/**
 * The number of tasks that may still start before the provider's quota begins anew, learned from its responses.
 *
 * <p>The lowest number reported in a window is the remaining quota at the provider's latest count. Each task that
 * started since reduces it, and each task that was in flight at that count and has not reported a number yet: a higher
 * number means that the provider had counted the task before. When the window is over, the largest number ever reported
 * is assumed until the next report. Guarded by its {@link RateLimiter}.
 */
final class LearnedQuota {

    /** The mark of a task that has reported a number. */
    private static final long REPORTED = -1;

    /** Providers that report the reset relative to now name a slightly different time in each response. */
    private static final long SAME_WINDOW_MILLIS = 2_000;

    private boolean known;
    private boolean over;
    private long remaining;
    private long mostRemaining;
    private long resetsAtMillis;
    private long word;
    private long startedSince;
    private int uncertain;
    private int unreported;

    /** The number of tasks that may start now; {@link Long#MAX_VALUE} when the provider has never reported a quota. */
    long left(double share, long nowMillis) {
        if (!known) {
            return Long.MAX_VALUE;
        }
        if (nowMillis >= resetsAtMillis && !over) {
            over = true;
            renew(mostRemaining);
        }
        long left = (long) (remaining * share) - startedSince - uncertain;
        // No task in flight could report a new number: one may start.
        return over && unreported == 0 ? Math.max(1, left) : left;
    }

    /** The time before which no task may start, whatever the tasks in flight report; 0: none. */
    long exhaustedUntilMillis(double share, long nowMillis) {
        boolean mayTurnOutMore = unreported > 0 && (long) (remaining * share) - startedSince >= 1;
        return left(share, nowMillis) < 1 && !over && !mayTurnOutMore ? resetsAtMillis : 0;
    }

    /** A task starts. Returns its mark. */
    long start() {
        startedSince++;
        unreported++;
        return word;
    }

    /** A task ended. */
    void end(long mark) {
        if (mark != REPORTED) {
            unreported = Counts.oneLess(unreported, "tasks whose provider reported no quota");
        }
    }

    /** A task reports the number in its provider's response. Returns its new mark. */
    long learn(Quota quota, long mark, long nowMillis) {
        end(mark);
        long resets = quota.resetsAt().toEpochMilli();
        if (resets <= nowMillis) {
            return REPORTED; // Of a window that is over.
        }
        boolean newWindow = !known || over || resets > resetsAtMillis + SAME_WINDOW_MILLIS;
        if (newWindow || quota.remaining() < remaining) {
            known = true;
            over = false;
            resetsAtMillis = resets;
            mostRemaining = Math.max(mostRemaining, quota.remaining() + 1);
            renew(quota.remaining());
        } else if (mark != REPORTED && mark < word) {
            uncertain = Counts.oneLess(uncertain, "tasks that the provider may not have counted");
        }
        return REPORTED;
    }

    private void renew(long remaining) {
        this.remaining = remaining;
        word++;
        startedSince = 0;
        uncertain = unreported;
    }
}
