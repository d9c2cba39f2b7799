package io.tributary.sink.output;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.sink.postgres.Rejected;
import io.tributary.sink.run.RunRecord;
import io.tributary.sink.run.RunRecord.Progress;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sink's transaction against real Postgres, with the sink's own role. */
class ApplyBatchIT {

    private static final int EMOJI = 0x1F600;

    private final Scene scene = new Scene();
    private final UUID mail = scene.userIntegration();

    @Nested
    class Outputs {

        /** As many bytes as the contract allows, which do not compress. */
        @ParameterizedTest
        @CsvSource({"0x61, 0x7a, 2048", "0x391, 0x3c9, 1024", "0x4e00, 0x9fa5, 682", "0x1f300, 0x1f5ff, 512"})
        void areSavedWithTheLongestExternalIdsOfAnyScript(int first, int last, int characters) {
            UUID run = scene.run(mail, "manual");
            String id = new Random(7)
                    .ints(characters, first, last + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();

            scene.apply(scene.output(run, id).saying("x"));

            assertThat(scene.content(mail, id)).isPresent();
        }

        @Test
        void becomeRows() {
            UUID run = scene.run(mail, "manual");

            scene.apply(scene.output(run, "1")
                    .with(output -> output.setExternalTimestamp(Scene.NOW)
                            .setName("Grüße")
                            .setContent("raw source")
                            .setMetadata("{\"subject\": \"hi\"}")));

            assertThat(scene.content(mail, "1"))
                    .hasValueSatisfying(row -> assertThat(row)
                            .containsEntry("integration_domain", "imap")
                            .containsEntry("external_timestamp", Timestamp.from(Scene.NOW))
                            .containsEntry("kind", "content")
                            .containsEntry("name", "Grüße")
                            .containsEntry("content", "raw source")
                            .containsEntry("content_ref", null)
                            .containsEntry("metadata", "{\"subject\": \"hi\"}")
                            .containsEntry("run_id", run)
                            .containsEntry("deleted_at", null));
        }

        @Test
        void areCountedOnTheirRun() {
            UUID run = scene.run(mail, "manual");
            scene.apply(
                    scene.output(run, "same").saying("a"),
                    scene.output(run, "other").saying("b"));
            UUID next = scene.run(mail, "backfill");

            scene.apply(
                    scene.output(next, "same").saying("a"),
                    scene.output(next, "other").saying("changed"),
                    scene.output(next, "new").saying("c"));

            assertThat(scene.runRow(next))
                    .containsEntry("outputs_saved", 3L)
                    .containsEntry("rows_inserted", 1L)
                    .containsEntry("rows_updated", 1L)
                    .containsEntry("rows_unchanged", 1L)
                    .containsEntry("sink_offset", 104L);
        }

        @Test
        void withoutAnExternalIdAreKnownByTaskAndIndex() {
            UUID run = scene.run(mail, "manual");

            scene.apply(scene.output(run, "ignored")
                    .with(output -> output.setExternalId(null)
                            .setTaskId(UUID.fromString("00000000-0000-0000-0000-00000000002a"))
                            .setIndex(3)));

            assertThat(scene.content(mail, "00000000-0000-0000-0000-00000000002a:3"))
                    .isPresent();
        }

        @Test
        void ofOneItemInABatchLeaveTheLastOne() {
            UUID run = scene.run(mail, "manual");

            scene.apply(
                    scene.output(run, "1").saying("first"),
                    scene.output(run, "1").saying("second"),
                    scene.output(run, "1").saying("third"));

            assertThat(scene.content(mail, "1"))
                    .hasValueSatisfying(row -> assertThat(row).containsEntry("content", "third"));
            assertThat(scene.runRow(run))
                    .containsEntry("outputs_saved", 3L)
                    .containsEntry("rows_inserted", 1L)
                    .containsEntry("rows_unchanged", 2L);
        }

        @Test
        void thatAreAsBeforeAreNotWritten() {
            UUID run = scene.run(mail, "manual");
            scene.apply(scene.output(run, "1").saying("a"));
            String written = version(mail, "1");
            UUID next = scene.run(mail, "backfill");
            finish(run);

            scene.apply(scene.output(next, "1").saying("a"));

            assertThat(version(mail, "1")).isEqualTo(written);
            assertThat(scene.runRow(next)).containsEntry("rows_unchanged", 1L);
        }

        @ParameterizedTest
        @CsvSource({"name", "content", "content_ref", "content_metadata", "external_timestamp", "kind"})
        void areWrittenWhenAnyFieldOfTheirsChanged(String column) {
            UUID run = scene.run(mail, "manual");
            scene.apply(scene.output(run, "1").saying("a"));

            scene.apply(scene.output(run, "1").with(output -> {
                output.setContent("a");
                switch (column) {
                    case "name" -> output.setName("new");
                    case "content" -> output.setContent("new");
                    case "content_ref" -> output.setContentRef("s3://new");
                    case "content_metadata" -> output.setMetadata("{\"new\": 1}");
                    case "external_timestamp" -> output.setExternalTimestamp(Scene.NOW);
                    default -> output.setKind(OutputKind.activity);
                }
            }));

            assertThat(scene.runRow(run)).containsEntry("rows_updated", 1L);
        }

        @Test
        void thatPostgresWouldRefuseAreMadeStorable() {
            UUID run = scene.run(mail, "manual");

            scene.apply(
                    scene.output(run, "nul\0id")
                            .with(output -> output.setName("a\0b")
                                    .setContent("c\0d\ud800e" + Character.toString(EMOJI))
                                    .setMetadata("{\"k\\u0000\": \"v\\u0000\\ud800\\ud83d\\ude00\"}")),
                    scene.output(run, "array").with(output -> output.setMetadata("[1]")),
                    scene.output(run, "broken").with(output -> output.setMetadata("{\"a\": \0")),
                    scene.output(run, "number").with(output -> output.setMetadata("{\"a\": 1e999999}")),
                    scene.output(run, "small").with(output -> output.setMetadata("{\"a\": 1e-10000}")),
                    scene.output(run, "time")
                            .with(output -> output.setExternalTimestamp(Instant.ofEpochMilli(Long.MAX_VALUE))));

            assertThat(scene.content(mail, "nul\ufffdid"))
                    .hasValueSatisfying(row -> assertThat(row)
                            .containsEntry("name", "a\ufffdb")
                            .containsEntry("content", "c\ufffdd\ufffde" + Character.toString(EMOJI))
                            .containsEntry(
                                    "metadata", "{\"k\ufffd\": \"v\ufffd\ufffd" + Character.toString(EMOJI) + "\"}"));
            assertThat(metadata("array")).isEqualTo("{\"unparsed\": \"[1]\"}");
            assertThat(metadata("broken")).isEqualTo("{\"unparsed\": \"{\\\"a\\\": \ufffd\"}");
            assertThat(metadata("number")).isEqualTo("{\"unparsed\": \"{\\\"a\\\": 1e999999}\"}");
            assertThat(metadata("small")).startsWith("{\"a\": 0.0000");
            assertThat(scene.content(mail, "time"))
                    .hasValueSatisfying(row -> assertThat(row).containsEntry("external_timestamp", null));
            assertThat(scene.runRow(run)).containsEntry("outputs_saved", 6L);
        }

        @Test
        void maySpanManyBuffersOfTheCopy() {
            UUID run = scene.run(mail, "manual");
            String large = "0123456789".repeat(100_000);

            scene.apply(
                    scene.output(run, "1").saying(large + "a"),
                    scene.output(run, "2").saying("small"),
                    scene.output(run, "3").saying(large + "b"));

            assertThat(scene.content(mail, "1"))
                    .hasValueSatisfying(row -> assertThat(row).containsEntry("content", large + "a"));
            assertThat(scene.content(mail, "3"))
                    .hasValueSatisfying(row -> assertThat(row).containsEntry("content", large + "b"));
        }

        @Test
        void thatAreRefusedAreQuotedInNoException() {
            UUID run = scene.run(mail, "manual");
            scene.apply(scene.output(run, "secret").saying("a"));
            scene.owner()
                    .execute("alter table user_integration_content add check (content <> 'secret content') not valid");

            assertThatThrownBy(() -> scene.apply(scene.output(run, "secret").saying("secret content")))
                    .isInstanceOf(Rejected.class)
                    .satisfies(refused -> {
                        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
                            assertThat(cause.toString()).doesNotContain("secret content");
                        }
                    });
        }

        private String metadata(String externalId) {
            return String.valueOf(scene.content(mail, externalId).orElseThrow().get("metadata"));
        }
    }

    @Nested
    class Deletions {

        @Test
        void markTheRowAndKeepItsContent() {
            UUID run = scene.run(mail, "manual");
            scene.apply(scene.output(run, "1").saying("a"));

            scene.apply(scene.output(run, "1").deleted());

            assertThat(scene.content(mail, "1")).hasValueSatisfying(row -> {
                assertThat(row).containsEntry("content", "a");
                assertThat(row.get("deleted_at")).isNotNull();
            });
            assertThat(scene.runRow(run)).containsEntry("rows_updated", 1L);
        }

        @Test
        void ofWhatWasNeverSeenLeaveARowThatSaysSo() {
            UUID run = scene.run(mail, "manual");

            scene.apply(scene.output(run, "1").deleted());

            assertThat(scene.content(mail, "1")).hasValueSatisfying(row -> {
                assertThat(row).containsEntry("content", null).containsEntry("kind", "deletion");
                assertThat(row.get("deleted_at")).isNotNull();
            });
            assertThat(scene.runRow(run)).containsEntry("rows_inserted", 1L);
        }

        @Test
        void areUndoneByContentThatComesAgainInANewerRun() {
            UUID run = scene.run(mail, "manual");
            scene.apply(
                    scene.output(run, "1").saying("a"), scene.output(run, "1").deleted());
            finish(run);
            UUID newer = scene.run(mail, "manual");

            scene.apply(scene.output(newer, "1").saying("a"));

            assertThat(scene.content(mail, "1"))
                    .hasValueSatisfying(
                            row -> assertThat(row).containsEntry("content", "a").containsEntry("deleted_at", null));
        }

        @Test
        void inTheBatchOfTheContentLeaveWhatTheyLeaveInABatchOfTheirOwn() {
            UUID run = scene.run(mail, "manual");

            scene.apply(
                    scene.output(run, "1").saying("a"), scene.output(run, "1").deleted());

            assertThat(scene.content(mail, "1")).hasValueSatisfying(row -> {
                assertThat(row).containsEntry("content", "a").containsEntry("kind", "content");
                assertThat(row.get("deleted_at")).isNotNull();
            });
        }

        @ParameterizedTest
        @CsvSource({"a", "changed"})
        void areUndoneWhenContentComesBack(String content) {
            UUID run = scene.run(mail, "manual");
            scene.apply(
                    scene.output(run, "1").saying("a"), scene.output(run, "1").deleted());

            scene.apply(scene.output(run, "1").saying(content));

            assertThat(scene.content(mail, "1"))
                    .hasValueSatisfying(row ->
                            assertThat(row).containsEntry("content", content).containsEntry("deleted_at", null));
        }

        @Test
        void areRememberedForWhatAnOlderRunMayStillBring() {
            UUID older = scene.run(mail, "backfill");
            UUID newer = scene.run(mail, "manual");

            scene.apply(scene.output(newer, "1").deleted());
            scene.apply(scene.output(older, "1").saying("stale"));

            assertThat(scene.content(mail, "1"))
                    .hasValueSatisfying(row -> assertThat(row.get("deleted_at")).isNotNull());
        }
    }

    @Nested
    class Runs {

        @Test
        void neverOverwriteWhatANewerOneWrote() {
            UUID older = scene.run(mail, "backfill");
            UUID newer = scene.run(mail, "manual");
            scene.apply(scene.output(newer, "1").saying("new"));

            scene.apply(
                    scene.output(older, "1").saying("old"),
                    scene.output(older, "1").deleted());

            assertThat(scene.content(mail, "1"))
                    .hasValueSatisfying(row ->
                            assertThat(row).containsEntry("content", "new").containsEntry("deleted_at", null));
            assertThat(scene.runRow(older)).containsEntry("outputs_saved", 2L).containsEntry("rows_unchanged", 2L);
        }

        @Test
        void neverOverwriteWhatANewerOneFoundUnchanged() {
            UUID first = scene.run(mail, "manual");
            scene.apply(scene.output(first, "1").saying("true"));
            finish(first);
            UUID older = scene.run(mail, "backfill");
            UUID newer = scene.run(mail, "manual");
            scene.apply(scene.output(newer, "1").saying("true"));

            scene.apply(scene.output(older, "1").saying("stale"));

            assertThat(scene.content(mail, "1"))
                    .hasValueSatisfying(row -> assertThat(row).containsEntry("content", "true"));
        }

        @Test
        void mayInterleaveInABatch() {
            UUID older = scene.run(mail, "backfill");
            UUID newer = scene.run(mail, "manual");
            UUID chat = scene.userIntegration();
            UUID other = scene.run(chat, "manual");

            scene.apply(
                    scene.output(newer, "1").saying("new"),
                    scene.output(other, "1").saying("other"),
                    scene.output(older, "1").saying("old"),
                    scene.progress(other, RunStatus.succeeded, 1),
                    scene.output(older, "2").saying("only old"),
                    scene.progress(older, RunStatus.running, 2),
                    scene.progress(newer, RunStatus.succeeded, 1));

            assertThat(scene.content(mail, "1"))
                    .hasValueSatisfying(row -> assertThat(row).containsEntry("content", "new"));
            assertThat(scene.content(mail, "2"))
                    .hasValueSatisfying(row -> assertThat(row).containsEntry("content", "only old"));
            assertThat(scene.content(chat, "1"))
                    .hasValueSatisfying(row -> assertThat(row).containsEntry("content", "other"));
            assertThat(scene.runRow(older)).containsEntry("status", "running").containsEntry("outputs_saved", 2L);
            assertThat(scene.runRow(newer)).containsEntry("status", "succeeded").containsEntry("outputs_saved", 1L);
            assertThat(scene.runRow(other)).containsEntry("status", "succeeded").containsEntry("outputs_saved", 1L);
        }

        @Test
        void advanceByTheLatestProgressOfABatch() {
            UUID run = scene.run(mail, "manual");

            scene.apply(scene.progress(run, RunStatus.running, 10), scene.progress(run, RunStatus.running, 30));

            assertThat(scene.runRow(run))
                    .containsEntry("status", "running")
                    .containsEntry("spawned", 30L)
                    .containsEntry("completed", 30L)
                    .containsEntry("outputs", 30L)
                    .containsEntry("finished_at", null);
        }

        @Test
        void haveTimesOfTheDatabaseThoughTheClockOfTheWorkerIsWrong() {
            UUID past = scene.run(mail, "manual");
            scene.apply(scene.progress(past, RunStatus.succeeded, 0)); // the scene's worker lives months ago

            var row = scene.runRow(past);
            var created = (Timestamp) row.get("created_at");
            for (String time : List.of("started_at", "progress_at", "finished_at")) {
                assertThat((Timestamp) row.get(time)).as(time).isBetween(created, scene.databaseTime());
            }
            assertThat((Timestamp) scene.userIntegrationRow(mail).get("last_sync_at"))
                    .isBetween(created, scene.databaseTime());
        }

        @Test
        void showHowManyTasksExecuteUntilTheyAreOver() {
            UUID run = scene.run(mail, "manual");

            scene.apply(executing(scene.progress(run, RunStatus.running, 10), 4));
            assertThat(scene.runRow(run)).containsEntry("executing", 4);
            scene.apply(scene.output(run, "1").saying("a"));
            assertThat(scene.runRow(run)).containsEntry("executing", 4);
            scene.apply(executing(scene.progress(run, RunStatus.running, 11), 2));
            assertThat(scene.runRow(run)).containsEntry("executing", 2);
            scene.apply(executing(scene.progress(run, RunStatus.cancelled, 12), 2));

            assertThat(scene.runRow(run)).containsEntry("executing", 0);
        }

        private static RunRecord.Progress executing(RunRecord.Progress progress, int executing) {
            return new RunRecord.Progress(
                    progress.source(),
                    RunProgress.newBuilder(progress.progress())
                            .setExecuting(executing)
                            .build());
        }

        @Test
        void showHowLongTheyAreThrottled() {
            UUID run = scene.run(mail, "manual");
            Progress throttled = scene.progress(run, RunStatus.running, 1);
            throttled.progress().put("throttled_until", Scene.NOW.plusSeconds(60));

            scene.apply(throttled);
            assertThat(scene.runRow(run)).containsEntry("throttled_until", Timestamp.from(Scene.NOW.plusSeconds(60)));

            scene.apply(scene.progress(run, RunStatus.running, 2));
            assertThat(scene.runRow(run)).containsEntry("throttled_until", null);
        }

        @Test
        void thatEndedNeverGoBack() {
            UUID run = scene.run(mail, "manual");
            scene.apply(scene.progress(run, RunStatus.succeeded, 0, "{\"at\": 1}", null));
            var ended = scene.runRow(run);
            var userIntegration = scene.userIntegrationRow(mail);

            scene.apply(
                    scene.progress(run, RunStatus.running, 0),
                    scene.progress(run, RunStatus.failed, 0, "{\"at\": 2}", null));

            assertThat(scene.runRow(run))
                    .containsEntry("status", "succeeded")
                    .containsEntry("finished_at", ended.get("finished_at"));
            assertThat(scene.userIntegrationRow(mail)).isEqualTo(userIntegration);
        }

        @Test
        void thatEndedOtherwiseKeepTheirErrorWhenAReportComesLate() {
            UUID run = scene.run(mail, "manual");
            scene.owner()
                    .update(
                            "update sync_run set status = 'timed_out', finished_at = now(), error_code ="
                                    + " 'polling.runLost', error_message = 'lost' where id = ?",
                            run);

            scene.apply(
                    scene.progress(run, RunStatus.running, 0, null, new RunError("imap.timeout", "slow", "transient")));

            assertThat(scene.runRow(run))
                    .containsEntry("error_code", "polling.runLost")
                    .containsEntry("error_message", "lost");
        }

        @Test
        void areSkippedWhenTheyAreGoneWhileOthersGoOn() {
            UUID run = scene.run(mail, "manual");
            var orphan = scene.output(run, "1").saying("orphan");
            UUID chat = scene.userIntegration();
            UUID other = scene.run(chat, "manual");
            var kept = scene.output(other, "1").saying("kept");
            scene.owner().update("delete from user_integration where id = ?", mail);

            scene.apply(orphan, kept);

            assertThat(scene.content(mail, "1")).isEmpty();
            assertThat(scene.content(chat, "1")).isPresent();
        }

        @Test
        void takeNothingThatClaimsToBeOfAnotherUserIntegration() {
            UUID run = scene.run(mail, "manual");
            UUID victim = scene.userIntegration();

            scene.apply(scene.output(run, "1").with(output -> output.setUserIntegrationId(victim)));

            assertThat(scene.content(victim, "1")).isEmpty();
            assertThat(scene.runRow(run)).containsEntry("outputs_saved", 0L);
        }
    }

    @Nested
    class Again {

        @Test
        void theSameRecordsChangeNothing() {
            UUID run = scene.run(mail, "manual");
            var records = List.of(
                    scene.output(run, "1").saying("a"),
                    scene.output(run, "2").saying("b"),
                    scene.output(run, "2").deleted(),
                    scene.progress(run, RunStatus.succeeded, 3, "{\"at\": 1}", null));
            scene.apply(records);
            var before = everything();

            scene.apply(records);
            scene.apply(records.subList(1, 3));

            assertThat(everything()).isEqualTo(before);
        }

        @Test
        void someOfTheRecordsWithNewOnesCountTheNewOnes() {
            UUID run = scene.run(mail, "manual");
            var first = scene.output(run, "1").saying("a");
            var second = scene.output(run, "2").saying("b");
            var third = scene.output(run, "3").saying("c");
            scene.apply(first, second);

            scene.apply(second, third);

            assertThat(scene.runRow(run)).containsEntry("outputs_saved", 3L).containsEntry("rows_inserted", 3L);
        }

        @Test
        void byTwoSinksAtOnceTheSameRecordsCountOnce() throws InterruptedException {
            UUID run = scene.run(mail, "manual");
            List<RunRecord> records = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                records.add(scene.output(run, "item " + i).saying("content " + i));
            }
            records.add(scene.progress(run, RunStatus.succeeded, 2_000));

            var go = new CountDownLatch(1);
            List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
            List<Thread> sinks = new ArrayList<>();
            for (int sink = 0; sink < 2; sink++) {
                sinks.add(Thread.ofPlatform().start(() -> {
                    try {
                        go.await();
                        for (int from = 0; from < records.size(); from += 100) {
                            scene.apply(records.subList(from, Math.min(from + 100, records.size())));
                        }
                    } catch (InterruptedException | RuntimeException e) {
                        failures.add(e);
                    }
                }));
            }
            go.countDown();
            for (Thread sink : sinks) {
                assertThat(sink.join(Duration.ofSeconds(60))).isTrue();
            }

            assertThat(failures).isEmpty();
            assertThat(scene.runRow(run))
                    .containsEntry("status", "succeeded")
                    .containsEntry("outputs_saved", 2_000L)
                    .containsEntry("rows_inserted", 2_000L);
        }

        private List<?> everything() {
            return List.of(
                    scene.owner().queryForList("select * from sync_run order by sequence"),
                    scene.owner().queryForList("select *, xmin::text from user_integration order by id"),
                    scene.owner()
                            .queryForList("select id, content, deleted_at, updated_at, run_sequence, xmin::text"
                                    + " from user_integration_content order by id"));
        }
    }

    @Nested
    class Completion {

        @Test
        void comesWithTheLastOutputsInOneTransaction() {
            UUID run = scene.run(mail, "schedule");
            scene.owner().execute("alter table user_integration add check (sync_state <> '{\"refused\": 1}')");

            assertThatThrownBy(() -> scene.apply(
                            scene.output(run, "1").saying("a"),
                            scene.progress(run, RunStatus.succeeded, 1, "{\"refused\": 1}", null)))
                    .isInstanceOf(Rejected.class);

            assertThat(scene.content(mail, "1")).isEmpty();
            assertThat(scene.runRow(run)).containsEntry("status", "queued").containsEntry("outputs_saved", 0L);
        }

        @Test
        void advancesStateAndSchedulesTheNextSync() {
            UUID run = scene.run(mail, "schedule");

            scene.apply(scene.progress(run, RunStatus.succeeded, 0, "{\"at\": 9}", null));

            var row = scene.userIntegrationRow(mail);
            assertThat(row).containsEntry("state", "{\"at\": 9}").containsEntry("sync_status", "active");
            assertThat(row.get("next_sync_at"))
                    .asInstanceOf(InstanceOfAssertFactories.type(Timestamp.class))
                    .satisfies(next -> assertThat(Duration.between(endOf(run), next.toInstant()))
                            .as("by the clock of the database; that of this sink is months behind")
                            .isBetween(Duration.ofMinutes(15), Duration.ofMinutes(16)));
        }

        @Test
        void ofASyncTypeWithAScheduleOfItsOwnAdvancesThatAndNotTheDefaultOne() {
            var before = scene.userIntegrationRow(mail);
            UUID run = scene.ownRun(mail, "presence", Duration.ofSeconds(10));

            scene.apply(scene.progress(run, RunStatus.succeeded, 0, "{\"at\": 9}", null));

            assertThat(scene.userIntegrationRow(mail)).containsAllEntriesOf(before);
            var schedule = scene.scheduleRow(mail, "presence");
            assertThat(schedule).containsEntry("state", "{\"at\": 9}");
            assertThat(schedule.get("next_sync_at"))
                    .asInstanceOf(InstanceOfAssertFactories.type(Timestamp.class))
                    .satisfies(next -> assertThat(Duration.between(endOf(run), next.toInstant()))
                            .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11)));
        }

        private Instant endOf(UUID run) {
            return requireNonNull((Timestamp) scene.runRow(run).get("finished_at"))
                    .toInstant();
        }

        @Test
        void ofARefusedSyncTypeStopsAllOfThem() {
            UUID run = scene.ownRun(mail, "presence", Duration.ofSeconds(10));

            scene.apply(scene.progress(run, RunStatus.failed, 0, null, error("unauthorized")));

            assertThat(scene.userIntegrationRow(mail))
                    .containsEntry("sync_status", "expired")
                    .containsEntry("next_sync_at", null)
                    .containsEntry("error_code", "imap.trouble");
            assertThat(scene.scheduleRow(mail, "presence"))
                    .containsEntry("state", "{}")
                    .containsEntry("next_sync_at", null);
        }

        @Test
        void ofASyncTypeWhoseScheduleWasEndedMeanwhileTouchesNothingElse() {
            var before = scene.userIntegrationRow(mail);
            UUID run = scene.ownRun(mail, "presence", Duration.ofSeconds(10));
            scene.owner().update("delete from sync_schedule where user_integration_id = ? and not is_default", mail);

            scene.apply(scene.progress(run, RunStatus.succeeded, 0, "{\"at\": 9}", null));

            assertThat(scene.runRow(run)).containsEntry("status", "succeeded");
            assertThat(scene.userIntegrationRow(mail)).containsAllEntriesOf(before);
        }

        @Test
        void ofAnOlderRunDoesNotTakeTheStateBack() {
            UUID older = scene.run(mail, "manual");
            scene.owner().update("update sync_run set sync_type = 'other' where id = ?", older);
            UUID newer = scene.run(mail, "manual");
            scene.owner()
                    .update(
                            "update sync_run set sync_type = 'default', status = 'succeeded', finished_at = now()"
                                    + " where id = ?",
                            newer);
            scene.owner().update("update sync_run set sync_type = 'default' where id = ?", older);

            scene.apply(scene.progress(older, RunStatus.succeeded, 0, "{\"at\": \"old\"}", null));

            assertThat(scene.runRow(older)).containsEntry("status", "succeeded");
            assertThat(scene.userIntegrationRow(mail)).containsEntry("state", "{}");
        }

        @ParameterizedTest
        @ValueSource(strings = {"backfill", "replay", "system"})
        void ofARunThatGoesBesideTouchesNeitherStateNorSchedule(String trigger) {
            scene.owner()
                    .update(
                            "update user_integration set sync_status = 'expired', error_code = 'imap.authFailed'"
                                    + " where id = ?",
                            mail);
            UUID run = scene.run(mail, trigger);
            var before = scene.userIntegrationRow(mail);

            scene.apply(scene.progress(run, RunStatus.succeeded, 0, "{\"at\": 9}", null));

            assertThat(scene.runRow(run)).containsEntry("status", "succeeded");
            before.remove("updated_at");
            assertThat(scene.userIntegrationRow(mail)).containsAllEntriesOf(before);
        }

        @ParameterizedTest
        @CsvSource({"partial", "failed", "cancelled", "timed_out"})
        void ofARunThatDidNotSucceedKeepsTheStateAndPollsAgain(RunStatus status) {
            UUID run = scene.run(mail, "schedule");

            scene.apply(scene.progress(run, status, 0, "{\"at\": 9}", error("transient")));

            assertThat(scene.runRow(run))
                    .containsEntry("status", status.name())
                    .containsEntry("error_code", "imap.trouble")
                    .containsEntry("error_message", "it went wrong");
            var row = scene.userIntegrationRow(mail);
            assertThat(row)
                    .containsEntry("state", "{}")
                    .containsEntry("sync_status", "active")
                    .containsEntry("error_code", null);
            assertThat(row.get("next_sync_at")).isNotNull();
            assertThat(row.get("last_sync_at") != null).isEqualTo(status == RunStatus.partial);
        }

        @ParameterizedTest
        @CsvSource({"unauthorized,expired", "misconfigured,error"})
        void ofARefusedRunStopsPollingUntilSomebodyActs(String kind, String status) {
            UUID run = scene.run(mail, "schedule");

            scene.apply(scene.progress(run, RunStatus.failed, 0, null, error(kind)));

            assertThat(scene.userIntegrationRow(mail))
                    .containsEntry("sync_status", status)
                    .containsEntry("next_sync_at", null)
                    .containsEntry("error_code", "imap.trouble")
                    .containsEntry("error_message", "it went wrong");
        }

        @Test
        void ofALaterSuccessClearsTheError() {
            scene.apply(scene.progress(scene.run(mail, "schedule"), RunStatus.failed, 0, null, error("unauthorized")));

            scene.apply(scene.progress(scene.run(mail, "manual"), RunStatus.succeeded, 0));

            assertThat(scene.userIntegrationRow(mail))
                    .containsEntry("sync_status", "active")
                    .containsEntry("error_code", null)
                    .containsEntry("error_message", null)
                    .hasEntrySatisfying("next_sync_at", next -> assertThat(next).isNotNull());
        }

        @Test
        void ofALaterFailureLeavesARefusedOneUnpolled() {
            scene.apply(scene.progress(scene.run(mail, "schedule"), RunStatus.failed, 0, null, error("unauthorized")));

            scene.apply(scene.progress(scene.run(mail, "manual"), RunStatus.failed, 0, null, error("transient")));

            assertThat(scene.userIntegrationRow(mail))
                    .containsEntry("sync_status", "expired")
                    .containsEntry("next_sync_at", null);
        }

        @ParameterizedTest
        @CsvSource({"succeeded,", "failed,unauthorized"})
        void leavesAPausedOnePaused(RunStatus status, String kind) {
            scene.owner().update("update user_integration set sync_status = 'paused' where id = ?", mail);
            UUID run = scene.run(mail, "schedule");

            scene.apply(scene.progress(run, status, 0, null, kind == null ? null : error(kind)));

            assertThat(scene.userIntegrationRow(mail)).containsEntry("sync_status", "paused");
        }

        @Test
        void withASyncStateThatIsNoObjectKeepsTheOldOne() {
            UUID run = scene.run(mail, "schedule");

            scene.apply(scene.progress(run, RunStatus.succeeded, 0, "not json\0", null));

            assertThat(scene.runRow(run)).containsEntry("status", "succeeded");
            assertThat(scene.userIntegrationRow(mail)).containsEntry("state", "{}");
        }

        @Test
        void withOutputsMissingIsPartialAndShowsInTheSums() {
            UUID run = scene.run(mail, "schedule");

            scene.apply(
                    scene.output(run, "1").saying("a"),
                    scene.progress(run, RunStatus.succeeded, 2, "{\"at\": 9}", null));

            assertThat(scene.runRow(run))
                    .containsEntry("status", "partial")
                    .containsEntry("error_code", "sink.outputsMissing")
                    .containsEntry("outputs", 2L)
                    .containsEntry("outputs_saved", 1L);
            assertThat(scene.userIntegrationRow(mail)).containsEntry("state", "{}");
        }

        @Test
        void ofAPartialRunAdvancesTheStateWhereTheManifestAllowsIt() {
            UUID run = scene.run(mail, "schedule");
            var partial = scene.progress(run, RunStatus.partial, 0, "{\"at\": 9}", error("transient"));

            scene.apply(Scene.changed(partial, end -> end.setAdvancesPastFailures(true)));

            assertThat(scene.runRow(run)).containsEntry("status", "partial");
            assertThat(scene.userIntegrationRow(mail)).containsEntry("state", "{\"at\": 9}");
        }

        @ParameterizedTest
        @CsvSource({"failed", "cancelled", "timed_out"})
        void ofARunThatFailedAsAWholeAdvancesNothingWhateverTheManifestAllows(RunStatus status) {
            UUID run = scene.run(mail, "schedule");
            var failed = scene.progress(run, status, 0, "{\"at\": 9}", error("transient"));

            scene.apply(Scene.changed(failed, end -> end.setAdvancesPastFailures(true)));

            assertThat(scene.userIntegrationRow(mail)).containsEntry("state", "{}");
        }

        private static RunError error(String kind) {
            return RunError.newBuilder()
                    .setCode("imap.trouble")
                    .setMessage("it went wrong")
                    .setKind(kind)
                    .build();
        }
    }

    private void finish(UUID run) {
        scene.owner().update("update sync_run set status = 'succeeded', finished_at = now() where id = ?", run);
    }

    /** Changes with every write of the row. */
    private String version(UUID userIntegration, String externalId) {
        return String.valueOf(scene.owner()
                .queryForObject(
                        "select ctid || ' ' || xmin || ' ' || xmax from user_integration_content"
                                + " where user_integration_id = ? and external_id = ?",
                        String.class,
                        userIntegration,
                        externalId));
    }
}
