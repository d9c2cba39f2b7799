package io.tributary.scheduler.watchdog;

import io.tributary.scheduler.tables.FlagTable;
import io.tributary.scheduler.tables.RunHistory;
import io.tributary.scheduler.tables.RunHistory.Ended;
import io.tributary.scheduler.tables.RunHistory.Past;
import io.tributary.scheduler.tables.RunHistory.Profile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Judges each sync type of an account when a run of it has ended, by its last runs and its history: a cursor that
 * stands although items come, a success with abnormally few outputs, a worker without the plugin. Not thread safe;
 * several replicas may judge the same runs.
 */
@Component
final class JudgeRuns {

    static final String CURSOR_STANDS = "watchdog.cursorStands";
    static final String FEW_OUTPUTS = "watchdog.fewOutputs";
    static final String NO_PLUGIN = "watchdog.workerWithoutPlugin";

    private static final Set<String> PLUGIN_MISSING =
            Set.of("polling.integrationNotFound", "polling.integrationLoadFailed");

    /** Most sync types of one call; the next call goes on. */
    private static final int MOST = 1_000;

    /** Runs that ended earlier before the start are judged with the next run of their account. */
    private static final Duration LOOK_BACK = Duration.ofMinutes(15);

    /** Time in which a run that ended arrives in Postgres. */
    private static final Duration ARRIVAL = Duration.ofMinutes(2);

    private static final int MOST_REMEMBERED = 100_000;

    private static final Logger log = LoggerFactory.getLogger(JudgeRuns.class);

    private final RunHistory history;
    private final FlagTable flags;
    private final WatchdogProperties properties;
    private final Clock clock;
    private final Map<Key, Judged> judged = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Judged> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    private @Nullable Instant judgedUntil;

    JudgeRuns(RunHistory history, FlagTable flags, WatchdogProperties properties, Clock clock) {
        this.history = history;
        this.flags = flags;
        this.properties = properties;
        this.clock = clock;
    }

    private record Key(UUID userIntegrationId, String syncType) {}

    /** @param coveredRuns further runs with few outputs that need no look at the history */
    private record Judged(Instant finishedAt, long coveredRuns) {}

    void run() {
        Instant now = clock.instant();
        Instant after = judgedUntil == null ? now.minus(LOOK_BACK) : judgedUntil;
        List<Ended> ended = history.ended(after, now, MOST);
        ended.forEach(each -> judge(each, now));
        judgedUntil = ended.size() == MOST ? ended.getLast().finishedAt() : now.minus(ARRIVAL);
    }

    private void judge(Ended ended, Instant now) {
        var key = new Key(ended.userIntegrationId(), ended.syncType());
        Judged before = judged.get(key);
        if (before != null && !ended.finishedAt().isAfter(before.finishedAt())) {
            return;
        }
        List<Past> recent = history.recent(key.userIntegrationId(), key.syncType(), properties.cursorRuns());
        long covered = 0;
        if (!recent.isEmpty()) {
            judgePlugin(key, recent.getFirst(), now);
            judgeCursor(key, recent, now);
            covered = judgeOutputs(key, recent, before == null ? 0 : before.coveredRuns(), now);
        }
        judged.put(key, new Judged(ended.finishedAt(), covered));
    }

    private void judgePlugin(Key key, Past last, Instant now) {
        boolean missing = last.errorCode() != null && PLUGIN_MISSING.contains(last.errorCode());
        set(
                key,
                NO_PLUGIN,
                missing
                        ? "The worker of this account does not have its integration. Deploy the plugin to every worker."
                        : null,
                last,
                now);
    }

    private void judgeCursor(Key key, List<Past> recent, Instant now) {
        boolean stands = recent.size() == properties.cursorRuns()
                && recent.stream()
                        .allMatch(run -> run.status().equals("succeeded") && run.inserted() > 0 && run.cursorStood());
        set(
                key,
                CURSOR_STANDS,
                stands
                        ? "The last " + recent.size() + " runs brought new items, and the cursor did not move: each run"
                                + " reads the same again. Check the integration's sync state."
                        : null,
                recent.getFirst(),
                now);
    }

    /** A failed run says nothing about outputs: the flag stays as it is. Returns the covered runs. */
    private long judgeOutputs(Key key, List<Past> recent, long coveredRuns, Instant now) {
        Past last = recent.getFirst();
        if (!last.status().equals("succeeded")) {
            return coveredRuns;
        }
        if (last.outputs() == 0 && coveredRuns > 0) {
            return coveredRuns - 1;
        }
        if (isNormal(recent)) {
            set(key, FEW_OUTPUTS, null, last, now);
            return 0;
        }
        Profile profile = history.profile(key.userIntegrationId(), key.syncType(), now);
        boolean abnormal = OutputsVerdict.isAbnormal(profile, properties.learnFor());
        if (abnormal || profile.streak() == 0) {
            set(key, FEW_OUTPUTS, abnormal ? describe(profile, last) : null, last, now);
        }
        return OutputsVerdict.coveredRuns(profile);
    }

    /** Without a look at the history: it brought something, and not much less than the runs before. */
    private static boolean isNormal(List<Past> recent) {
        long most = recent.stream().mapToLong(Past::outputs).max().orElse(0);
        long last = recent.getFirst().outputs();
        return last > 0 && recent.size() > 1 && last * 10 >= most;
    }

    private static String describe(Profile profile, Past last) {
        return "The last " + profile.streak() + " successful runs brought almost nothing (the last one "
                + last.outputs() + " items), unlike the " + profile.runs()
                + " runs before; the last normal one ended at "
                + profile.lastNormalAt() + ". Check the account at the provider, its permissions and its config.";
    }

    private void set(Key key, String code, @Nullable String message, Past last, Instant now) {
        if (message == null) {
            flags.clear(key.userIntegrationId(), key.syncType(), code);
        } else if (flags.raise(key.userIntegrationId(), key.syncType(), code, message, last.id(), now) > 0) {
            log.warn(
                    "watchdog.accountFlagged: account flagged code={} userIntegrationId={} runId={}",
                    code,
                    key.userIntegrationId(),
                    last.id());
        }
    }
}
