package io.tributary.scheduler.watchdog;

import io.tributary.scheduler.tables.RunHistory.Profile;
import java.time.Duration;

/**
 * Whether the last successes of an account brought abnormally little, by its own history. The history must be long
 * enough, the streak must be twice as long as any before (nights, weekends), and it must be improbable.
 */
final class OutputsVerdict {

    /** Fewest runs to learn from. */
    private static final int LEAST_RUNS = 20;

    /** Greatest probability of a streak that is abnormal. */
    private static final double IMPROBABLE = 0.005;

    private OutputsVerdict() {}

    /** @param learnFor time that the history must cover */
    static boolean isAbnormal(Profile profile, Duration learnFor) {
        return profile.streak() > 0
                && profile.runs() >= LEAST_RUNS
                && profile.covered().compareTo(learnFor) >= 0
                && profile.streak() > 2 * profile.longestStreak()
                && Math.pow(probabilityOfLow(profile), profile.streak()) <= IMPROBABLE;
    }

    /** By the rule of succession: no history excludes that a run brings nothing. */
    private static double probabilityOfLow(Profile profile) {
        return (profile.lowRuns() + 1.0) / (profile.runs() + 2.0);
    }

    /** Further low runs that the history covers, so that none of them needs a look at it. */
    static long coveredRuns(Profile profile) {
        return Math.max(0, 2 * profile.longestStreak() - profile.streak());
    }
}
