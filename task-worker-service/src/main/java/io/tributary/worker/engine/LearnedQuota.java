package io.tributary.worker.engine;

import io.tributary.integrations.api.Quota;

/**
 * How many tasks may still start before the provider's quota begins anew, learned from what its answers say.
 *
 * <p>The lowest number named in a window is what was left when the provider counted last: its latest word. Against it
 * counts every task that started since, and every one that was under way then and has not said yet which number it was
 * told: a higher one means that it was counted before. When the window is over, the most that was ever left is
 * expected until the provider says more. Guarded by its {@link Pace}.
 */
final class LearnedQuota {

    /** The mark of a task that was told a number. */
    private static final long TOLD = -1;

    /** Providers that count the reset from now name a slightly different time in each answer. */
    private static final long SAME_WINDOW_MILLIS = 2_000;

    private boolean known;
    private boolean over;
    private long remaining;
    private long mostRemaining;
    private long resetsAtMillis;
    private long word;
    private long startedSince;
    private long uncertain;
    private long untold;

    /** How many may start now; {@link Long#MAX_VALUE} when the provider has never said. */
    long left(double share, long nowMillis) {
        if (!known) {
            return Long.MAX_VALUE;
        }
        if (nowMillis >= resetsAtMillis && !over) {
            over = true;
            renew(mostRemaining);
        }
        long left = (long) (remaining * share) - startedSince - uncertain;
        // Nobody under way could tell when there is more: one may ask.
        return over && untold == 0 ? Math.max(1, left) : left;
    }

    /** Until when nothing may start, whatever the tasks under way are told; 0: that is not so. */
    long exhaustedUntilMillis(double share, long nowMillis) {
        boolean mayTurnOutMore = untold > 0 && (long) (remaining * share) - startedSince >= 1;
        return left(share, nowMillis) < 1 && !over && !mayTurnOutMore ? resetsAtMillis : 0;
    }

    /** A task starts. Returns its mark. */
    long start() {
        startedSince++;
        untold++;
        return word;
    }

    /** A task ended. */
    void end(long mark) {
        if (mark != TOLD) {
            untold--;
        }
    }

    /** A task was told a number. Returns the mark that it has from now on. */
    long learn(Quota quota, long mark, long nowMillis) {
        end(mark);
        long resets = quota.resetsAt().toEpochMilli();
        if (resets <= nowMillis) {
            return TOLD; // Of a window that is over.
        }
        boolean newWindow = !known || over || resets > resetsAtMillis + SAME_WINDOW_MILLIS;
        if (newWindow || quota.remaining() < remaining) {
            known = true;
            over = false;
            resetsAtMillis = resets;
            mostRemaining = Math.max(mostRemaining, quota.remaining() + 1);
            renew(quota.remaining());
        } else if (mark != TOLD && mark < word) {
            uncertain--;
        }
        return TOLD;
    }

    private void renew(long remaining) {
        this.remaining = remaining;
        word++;
        startedSince = 0;
        uncertain = untold;
    }
}
