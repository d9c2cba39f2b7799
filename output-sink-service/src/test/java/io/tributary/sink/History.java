package io.tributary.sink;

import static org.awaitility.Awaitility.await;

import io.tributary.schemas.Listing;
import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * User integrations that were synced again and again - items that come, change, go and return, and backfills beside -
 * and what their rows must say in the end: of each item, what the newest run said last.
 */
final class History {

    private static final int ITEMS = 60;

    private final JdbcTemplate owner;
    private final SinkTopics topics;
    private final RandomGenerator random;
    private final List<UUID> userIntegrations = new ArrayList<>();
    private final Map<String, Said> newest = new TreeMap<>();

    /** What a run said about an item. */
    private record Said(long sequence, UUID run, String content, boolean deleted) {}

    /** A run that is going on. */
    final class Sync {

        private final UUID userIntegration;
        private final UUID run;
        private final long sequence;
        private int sent;
        private @Nullable Long listed;

        private Sync(UUID userIntegration, String trigger) {
            this.userIntegration = userIntegration;
            this.run = id(
                    "insert into sync_run (user_integration_id, user_id, integration_domain, trigger, dispatched_at)"
                            + " values (?, 'alice', 'imap', ?, now()) returning id",
                    userIntegration,
                    trigger);
            this.sequence = Objects.requireNonNull(
                    owner.queryForObject("select sequence from sync_run where id = ?", Long.class, run));
        }

        /** Says something about one of the items: most stay as they are, some change, few go. */
        void say() {
            int item = random.nextInt(ITEMS);
            boolean deleted = random.nextInt(20) == 0;
            say("item " + item, "content " + item + " version " + random.nextInt(3), deleted);
        }

        void say(String externalId, String content, boolean deleted) {
            topics.output(
                    userIntegration,
                    Output.newBuilder()
                            .setRunId(run)
                            .setTaskId(run)
                            .setIndex(sent++)
                            .setUserIntegrationId(userIntegration)
                            .setDomain("imap")
                            .setKind(deleted ? OutputKind.deletion : OutputKind.content)
                            .setExternalId(externalId)
                            .setExternalTimestamp(Instant.ofEpochSecond(1_700_000_000L))
                            .setName(externalId)
                            .setContent(deleted ? null : content)
                            .setMetadata("{\"a\": 1}")
                            .build());
            newest.merge(
                    userIntegration + "/" + externalId,
                    new Said(sequence, run, content, deleted),
                    (old, said) -> said.sequence < old.sequence ? old : said);
        }

        /** Lists items as all that there are: whatever else there was is deleted at the end. */
        void list(List<String> externalIds) {
            topics.output(
                    userIntegration,
                    Listing.newBuilder()
                            .setRunId(run)
                            .setTaskId(run)
                            .setUserIntegrationId(userIntegration)
                            .setExternalIds(externalIds)
                            .build());
            listed = (long) externalIds.size();
        }

        void end() {
            topics.output(
                    userIntegration,
                    RunProgress.newBuilder()
                            .setListed(listed)
                            .setRunId(run)
                            .setUserIntegrationId(userIntegration)
                            .setSpawned(0)
                            .setCompleted(1)
                            .setFailed(0)
                            .setOutputs(sent)
                            .setStatus(RunStatus.succeeded)
                            .setAt(Instant.ofEpochSecond(1_800_000_000L))
                            .build());
        }
    }

    History(SinkDatabase database, SinkTopics topics, int userIntegrations, RandomGenerator random) {
        this.owner = database.owner();
        this.topics = topics;
        this.random = random;
        for (int i = 0; i < userIntegrations; i++) {
            this.userIntegrations.add(id("insert into user_integration (user_id, integration_domain, name)"
                    + " values ('alice', 'imap', 'mail') returning id"));
        }
    }

    List<UUID> userIntegrations() {
        return userIntegrations;
    }

    Sync begin(UUID userIntegration, String trigger) {
        return new Sync(userIntegration, trigger);
    }

    /** Syncs everybody that many times, one run after the other, some with a backfill beside. */
    void sync(int times, int outputsEach) {
        for (int i = 0; i < times; i++) {
            for (UUID userIntegration : userIntegrations) {
                List<Sync> beside = new ArrayList<>();
                if (random.nextInt(3) == 0) {
                    beside.add(begin(userIntegration, "backfill"));
                }
                beside.add(begin(userIntegration, "schedule"));
                for (int output = 0; output < outputsEach; output++) {
                    beside.get(random.nextInt(beside.size())).say();
                }
                beside.forEach(Sync::end);
            }
            topics.flush();
            awaitFinished(); // one live run at a time, as the scheduler has it
        }
    }

    long unfinishedRuns() {
        return count("select count(*) from sync_run where finished_at is null and user_integration_id = any(?)");
    }

    /** Syncs everybody that many times, one run after the other; each run says each item once. */
    void syncPlainly(int times) {
        for (int i = 0; i < times; i++) {
            for (UUID userIntegration : userIntegrations) {
                Sync sync = begin(userIntegration, "schedule");
                for (int item = 0; item < ITEMS; item++) {
                    sync.say("item " + item, "version " + random.nextInt(3), random.nextInt(20) == 0);
                }
                sync.end();
            }
            topics.flush();
            awaitFinished();
        }
    }

    /** Syncs everybody that many times: each run lists what there is, of which the items change, go and return. */
    void syncByListing(int times) {
        for (int i = 0; i < times; i++) {
            for (UUID userIntegration : userIntegrations) {
                Sync sync = begin(userIntegration, "schedule");
                List<String> there = IntStream.range(0, ITEMS)
                        .filter(item -> random.nextInt(10) > 0)
                        .mapToObj(item -> "item " + item)
                        .toList();
                there.forEach(item -> sync.say(item, "version " + random.nextInt(3), false));
                sync.list(there);
                sync.end();
            }
            topics.flush();
            awaitFinished();
        }
    }

    /** What rows say, but for ids and times, which are those of their writing. */
    List<String> rows() {
        return rows("'id', 'created_at', 'updated_at', 'deleted_at'");
    }

    /**
     * The same but for the run that wrote them: where runs say an item several times or go beside each other, it
     * depends on what met in one batch.
     */
    List<String> rowsWithoutRuns() {
        return rows("'id', 'created_at', 'updated_at', 'deleted_at', 'run_id', 'run_sequence'");
    }

    private List<String> rows(String without) {
        return owner.queryForList(
                "select (to_jsonb(c) - array[" + without + "])::text"
                        + " || (deleted_at is not null) from user_integration_content c"
                        + " where user_integration_id = any(?) order by user_integration_id, external_id",
                String.class,
                ids());
    }

    /** Runs and user integrations, with the transactions that wrote them last. */
    List<String> bookkeeping() {
        return owner.queryForList(
                "select to_json(r)::text || xmin from sync_run r where user_integration_id = any(?)"
                        + " union all select to_json(u)::text || xmin from user_integration u where id = any(?)"
                        + " order by 1",
                String.class,
                ids(),
                ids());
    }

    /** What is wrong with the rows, by all that was said. */
    List<String> differences() {
        Map<String, String> rows = new TreeMap<>();
        owner.query(
                "select user_integration_id || '/' || external_id, coalesce(content, ''), deleted_at is not null"
                        + " from user_integration_content where user_integration_id = any(?)",
                row -> {
                    rows.put(row.getString(1), row.getBoolean(3) ? "deleted" : row.getString(2));
                },
                ids());
        List<String> differences = new ArrayList<>();
        newest.forEach((key, said) -> {
            String expected = said.deleted() ? "deleted" : said.content();
            String row = rows.remove(key);
            if (!expected.equals(row)) {
                differences.add(key + ": " + row + " instead of " + expected);
            }
        });
        rows.forEach((key, row) -> differences.add(key + ": nobody said " + row));
        differences.sort(Comparator.naturalOrder());
        return differences;
    }

    private void awaitFinished() {
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> unfinishedRuns() == 0);
    }

    private long count(String sql) {
        return Objects.requireNonNull(owner.queryForObject(sql, Long.class, ids()));
    }

    private SqlArrayValue ids() {
        return new SqlArrayValue("uuid", userIntegrations.toArray());
    }

    private UUID id(String sql, Object... parameters) {
        return Objects.requireNonNull(owner.queryForObject(sql, UUID.class, parameters));
    }
}
