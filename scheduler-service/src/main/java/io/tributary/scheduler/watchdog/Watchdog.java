package io.tributary.scheduler.watchdog;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.scheduler.tables.FlagTable;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * One look of the watchdog at everything, in every replica: each statement of it may run twice at once. The gauge
 * {@code tributary.watchdog.flags} has the number of flagged accounts, with the tag {@code code}.
 */
@Component
public final class Watchdog {

    private static final List<String> CODES = List.of(
            FlagAccounts.NO_PROGRESS,
            FlagAccounts.OVERDUE,
            FlagAccounts.NO_WORKER,
            JudgeRuns.CURSOR_STANDS,
            JudgeRuns.FEW_OUTPUTS,
            JudgeRuns.NO_PLUGIN);

    private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

    private final EndLostRuns endLostRuns;
    private final FlagAccounts flagAccounts;
    private final JudgeRuns judgeRuns;
    private final FlagTable flags;
    private volatile Map<String, Long> counts = Map.of();

    Watchdog(
            EndLostRuns endLostRuns,
            FlagAccounts flagAccounts,
            JudgeRuns judgeRuns,
            FlagTable flags,
            MeterRegistry meters) {
        this.endLostRuns = endLostRuns;
        this.flagAccounts = flagAccounts;
        this.judgeRuns = judgeRuns;
        this.flags = flags;
        for (String code : CODES) {
            Gauge.builder("tributary.watchdog.flags", this, it -> it.counts.getOrDefault(code, 0L))
                    .description("Accounts that the watchdog flagged")
                    .tag("code", code)
                    .register(meters);
        }
    }

    /**
     * Ends lost runs, sets and clears flags. A part that fails is logged, and left to the next call; the others are
     * done.
     *
     * @return number of flags
     */
    public int run() {
        attempt(endLostRuns::run);
        attempt(flagAccounts::run);
        attempt(judgeRuns::run);
        attempt(() -> counts = Map.copyOf(flags.count()));
        return (int) counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static void attempt(Runnable part) {
        try {
            part.run();
        } catch (DataAccessException | TransactionException e) {
            log.warn("watchdog.failed: a part of the watchdog's look failed, the next look repeats it", e);
        }
    }
}
