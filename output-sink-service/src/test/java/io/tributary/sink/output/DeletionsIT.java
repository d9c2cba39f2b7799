package io.tributary.sink.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.schemas.RunStatus;
import io.tributary.sink.deletions.MarkDeleted;
import io.tributary.sink.outage.Unavailable;
import io.tributary.sink.run.RunRecord;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a complete listing did not show, against real Postgres. */
class DeletionsIT {

    private final Scene scene = new Scene();
    private final UUID files = scene.userIntegration();

    @Test
    void markWhatTheRunNeitherListedNorWrote() {
        synced("kept", "gone");
        UUID run = scene.run(files, "schedule");

        scene.apply(
                scene.listing(run, "kept"),
                scene.output(run, "new").saying("n"),
                scene.listing(run, "new"),
                scene.listedEverything(run, RunStatus.succeeded, 1, 2));

        assertThat(deleted()).containsExactly("gone");
        assertThat(scene.content(files, "gone"))
                .hasValueSatisfying(row -> assertThat(row).containsEntry("content", "content"));
        assertThat(scene.runRow(run)).containsEntry("status", "succeeded").containsEntry("rows_deleted", 1L);
        assertThat(scene.userIntegrationRow(files)).containsEntry("state", "{\"at\": 9}");
    }

    @Test
    void goOnForRowsWhoseRunWasPurgedBetweenTwoCompleteListings() {
        UUID old = synced("kept", "gone");
        scene.owner().update("delete from sync_run where id = ?", old);
        UUID run = scene.run(files, "schedule");

        scene.apply(scene.listing(run, "kept"), scene.listedEverything(run, RunStatus.succeeded, 0, 1));

        assertThat(deleted()).containsExactly("gone");
    }

    @Test
    void areRepeatedByAReplayForRowsWhoseRunWasPurged() {
        UUID old = synced("kept", "gone");
        UUID run = scene.run(files, "schedule");
        RunRecord[] records = {scene.listing(run, "kept"), scene.listedEverything(run, RunStatus.succeeded, 0, 1)};
        scene.apply(records);
        scene.owner()
                .update(
                        "update user_integration_content set deleted_at = null, run_sequence = 0"
                                + " where user_integration_id = ?",
                        files);
        scene.owner().update("delete from sync_run where id = ?", old);

        scene.reapply(records);

        assertThat(deleted()).containsExactly("gone");
    }

    @Test
    void spareRowsOfEarlierVersionsWhoseSyncTypeNobodyKnowsAnyMore() {
        UUID old = synced("kept", "gone");
        scene.owner().update("delete from sync_run where id = ?", old);
        scene.owner()
                .update("update user_integration_content set sync_type = null where user_integration_id = ?", files);

        endListing(scene.run(files, "schedule"));

        assertThat(deleted()).isEmpty();
    }

    /** The row is changed by hand, which no listing can know of: so it shows whether the rows were compared. */
    @Test
    void areNotLookedForAgainWhenTheListingIsTheSameAndNothingWasWritten() {
        synced("a", "b");
        listed("a", "b");
        unlist("b");

        listed("b", "a");
        assertThat(deleted()).as("not compared").isEmpty();

        synced("c");
        listed("a", "b");
        assertThat(deleted()).as("compared, since a run has written").containsExactlyInAnyOrder("moved b", "c");
    }

    @Test
    void areLookedForWhenTheListingIsAnotherOfTheSameSize() {
        synced("a", "b");
        listed("a", "b");

        listed("a", "c");

        assertThat(deleted()).containsExactly("b");
    }

    @Test
    void areLookedForAfterAnOlderRunThatWasLiveHasWrittenMore() {
        UUID older = scene.run(files, "backfill");
        synced("a");
        listed("a");
        scene.apply(scene.output(older, "x").saying("x"), scene.progress(older, RunStatus.succeeded, 1));

        listed("a");

        assertThat(deleted()).containsExactly("x");
    }

    private void listed(String... names) {
        UUID run = scene.run(files, "schedule");
        scene.apply(scene.listing(run, names), scene.listedEverything(run, RunStatus.succeeded, 0, names.length));
    }

    private void unlist(String name) {
        scene.owner()
                .update(
                        "update user_integration_content set external_id = 'moved ' || external_id"
                                + " where user_integration_id = ? and external_id = ?",
                        files,
                        name);
    }

    @Test
    void spareWhatTheRunFoundAsItWasThoughItWroteNothing() {
        synced("kept");
        UUID run = scene.run(files, "schedule");

        scene.apply(
                scene.listing(run, "kept"),
                scene.output(run, "kept").saying("content"),
                scene.listedEverything(run, RunStatus.succeeded, 1, 1));

        assertThat(deleted()).isEmpty();
        assertThat(scene.runRow(run)).containsEntry("rows_unchanged", 1L).containsEntry("rows_deleted", 0L);
    }

    @Test
    void areFoundByIdsAsTheRowsHaveThem() {
        synced("nul\0");

        listed("nul\0", RunStatus.succeeded, 1);

        assertThat(deleted()).isEmpty();
    }

    @Test
    void areUndoneByANewerRunThatBringsTheItemAgain() {
        synced("1");
        endListing(scene.run(files, "schedule"));
        assertThat(deleted()).containsExactly("1");
        UUID newer = scene.run(files, "schedule");

        scene.apply(scene.output(newer, "1").saying("content"));

        assertThat(deleted()).isEmpty();
    }

    @Test
    void areNotUndoneByWhatAnOlderRunStillBrings() {
        UUID older = scene.run(files, "backfill");
        synced("1");
        endListing(scene.run(files, "schedule"));

        scene.apply(scene.output(older, "1").saying("stale"));

        assertThat(deleted()).containsExactly("1");
    }

    @ParameterizedTest
    @CsvSource({"partial", "failed", "cancelled", "timed_out"})
    void areNoneWhenTheRunDidNotSucceed(RunStatus status) {
        synced("1");

        UUID run = listed("2", status, 1);

        assertThat(deleted()).isEmpty();
        assertThat(keptListings(run)).isZero();
    }

    @Test
    void areNoneWhenAnOutputOfTheRunIsMissing() {
        synced("1");
        UUID run = scene.run(files, "schedule");

        scene.apply(scene.listedEverything(run, RunStatus.succeeded, 1, 0));

        assertThat(deleted()).isEmpty();
        assertThat(scene.runRow(run)).containsEntry("error_code", "sink.outputsMissing");
    }

    @Test
    void areNoneWhenAListOfTheRunIsMissing() {
        synced("1");

        UUID run = listed("2", RunStatus.succeeded, 2);

        assertThat(deleted()).isEmpty();
        assertThat(scene.runRow(run))
                .containsEntry("status", "partial")
                .containsEntry("error_code", "sink.listingsMissing");
        assertThat(scene.userIntegrationRow(files)).containsEntry("state", "{}");
    }

    @Test
    void areNoneWhenTheRunDoesNotSayThatItListedEverything() {
        synced("1");
        UUID run = scene.run(files, "schedule");

        scene.apply(scene.listing(run, "2"), scene.progress(run, RunStatus.succeeded, 0));

        assertThat(deleted()).isEmpty();
        assertThat(keptListings(run)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"backfill", "replay"})
    void areNoneByARunThatGoesBeside(String trigger) {
        synced("1");

        endListing(scene.run(files, trigger));

        assertThat(deleted()).isEmpty();
    }

    @Test
    void areOfTheRunsOwnSyncTypeAndUserIntegrationOnly() {
        UUID chat = scene.userIntegration();
        UUID chatRun = scene.run(chat, "schedule");
        scene.apply(scene.output(chatRun, "other account").saying("a"));
        UUID events = scene.run(files, "schedule");
        scene.owner().update("update sync_run set sync_type = 'events' where id = ?", events);
        scene.apply(scene.output(events, "other type").saying("a"), scene.progress(events, RunStatus.succeeded, 1));
        synced("1");

        endListing(scene.run(files, "schedule"));

        assertThat(deleted()).containsExactly("1");
        assertThat(scene.content(chat, "other account"))
                .hasValueSatisfying(row -> assertThat(row).containsEntry("deleted_at", null));
    }

    @Test
    void ofAnAbnormalShareAreNotCarriedOutUntilSomebodyConfirms() {
        synced(names(42));
        UUID run = scene.run(files, "schedule");

        scene.apply(scene.listing(run, names(20)), scene.listedEverything(run, RunStatus.succeeded, 0, 20));

        assertThat(deleted()).isEmpty();
        assertThat(scene.runRow(run))
                .containsEntry("status", "partial")
                .containsEntry("error_code", "sink.deletionsNeedConfirmation")
                .hasEntrySatisfying(
                        "error_message",
                        message -> assertThat(message.toString()).startsWith("22 of 42 items"));
        assertThat(scene.userIntegrationRow(files)).containsEntry("state", "{}").containsEntry("sync_status", "active");

        UUID confirmed = scene.run(files, "manual");
        scene.owner().update("update sync_run set options = '{\"force\": true}' where id = ?", confirmed);
        scene.apply(scene.listing(confirmed, names(20)), scene.listedEverything(confirmed, RunStatus.succeeded, 0, 20));

        assertThat(deleted()).hasSize(22);
        assertThat(scene.runRow(confirmed)).containsEntry("status", "succeeded").containsEntry("rows_deleted", 22L);
    }

    @ParameterizedTest
    @CsvSource({"20, 20, succeeded", "21, 21, partial", "42, 21, succeeded", "42, 22, partial"})
    void areAllowedUpToHalfOfWhatThereWasOrTwenty(int known, int gone, String status) {
        synced(names(known));
        UUID run = scene.run(files, "schedule");
        String[] listed = names(known - gone);

        scene.apply(scene.listing(run, listed), scene.listedEverything(run, RunStatus.succeeded, 0, listed.length));

        assertThat(scene.runRow(run)).containsEntry("status", status);
        assertThat(deleted()).hasSize(status.equals("succeeded") ? gone : 0);
    }

    @Test
    void areMeasuredByWhatWasThereBeforeTheRunBroughtMore() {
        synced(names(30));
        UUID run = scene.run(files, "schedule");
        var outputs = IntStream.range(0, 40)
                .mapToObj(i -> scene.output(run, "renamed " + i).saying("a"))
                .toList();
        scene.apply(outputs);

        scene.apply(
                scene.listing(run, names(5)),
                scene.listing(
                        run,
                        IntStream.range(0, 40).mapToObj(i -> "renamed " + i).toArray(String[]::new)),
                scene.listedEverything(run, RunStatus.succeeded, 40, 45));

        assertThat(deleted()).isEmpty();
        assertThat(scene.runRow(run))
                .hasEntrySatisfying(
                        "error_message",
                        message -> assertThat(message.toString()).startsWith("25 of 30 items"));
    }

    @Test
    void areBoundByTheManifestWhereItSaysSo() {
        synced(names(100));
        UUID run = scene.run(files, "schedule");
        var end = scene.listedEverything(run, RunStatus.succeeded, 0, 70);

        scene.apply(scene.listing(run, names(70)), Scene.changed(end, it -> it.setMaxDeletedShare(0.25)));

        assertThat(deleted()).isEmpty();
        assertThat(scene.runRow(run)).containsEntry("error_code", "sink.deletionsNeedConfirmation");
    }

    @Test
    void comeOnceWhenTheRecordsComeAgain() {
        synced("kept", "gone");
        UUID run = scene.run(files, "schedule");
        List<RunRecord> records =
                List.of(scene.listing(run, "kept"), scene.listedEverything(run, RunStatus.succeeded, 0, 1));
        scene.apply(records.subList(0, 1));
        scene.apply(records);
        var before = scene.owner().queryForList("select id, xmin::text from user_integration_content order by id");

        scene.apply(records);

        assertThat(deleted()).containsExactly("gone");
        assertThat(scene.owner().queryForList("select id, xmin::text from user_integration_content order by id"))
                .isEqualTo(before);
    }

    @Test
    void ofManyAreMarkedInPartsThatSurviveFailuresInBetween() {
        syncedMany(12_000);
        force(scene.run(files, "manual"));
        assertThat(deleted()).hasSize(MarkDeleted.PART_ROWS);
        scene.owner().execute("""
            create or replace function fail() returns trigger language plpgsql as
            $$ begin raise exception 'killed' using errcode = '57P01'; end $$\
            """);
        scene.owner()
                .execute("create trigger fail before update on user_integration_content for each row"
                        + " when (new.external_id = 'item 9998') execute function fail()");
        try {
            assertThatThrownBy(scene::markNext).isInstanceOf(Unavailable.class);
            assertThat(deleted()).hasSize(MarkDeleted.PART_ROWS);
        } finally {
            scene.owner().execute("drop trigger fail on user_integration_content");
        }

        assertThat(scene.markNext()).isTrue();
        assertThat(deleted()).hasSize(2 * MarkDeleted.PART_ROWS);
        assertThat(scene.markNext()).isTrue();
        assertThat(scene.markNext()).isFalse();
        assertThat(deleted()).hasSize(12_000);
        assertThat(scene.owner()
                        .queryForObject(
                                "select rows_deleted from sync_run where user_integration_id = ?"
                                        + " order by sequence desc limit 1",
                                Long.class,
                                files))
                .isEqualTo(12_000);
    }

    @Test
    void thatAreStillToBeMarkedSpareWhatALaterRunFindsAgain() {
        syncedMany(6_000);
        force(scene.run(files, "manual"));
        UUID later = scene.run(files, "schedule");

        scene.apply(scene.output(later, "item 5999").saying("content"));
        while (scene.markNext()) {
            // the rest
        }

        assertThat(deleted()).hasSize(5_999).doesNotContain("item 5999");
    }

    /** A run that listed one item, and ends with so many lists. */
    private UUID listed(String item, RunStatus status, int lists) {
        UUID run = scene.run(files, "schedule");
        scene.apply(scene.listing(run, item), scene.listedEverything(run, status, 0, lists));
        return run;
    }

    /** A run whose lists are empty. */
    private void endListing(UUID run) {
        scene.apply(scene.listedEverything(run, RunStatus.succeeded, 0, 0));
    }

    private void force(UUID run) {
        scene.owner().update("update sync_run set options = '{\"force\": true}' where id = ?", run);
        endListing(run);
    }

    /** Items that an earlier run brought. */
    private UUID synced(String... names) {
        UUID run = scene.run(files, "schedule");
        scene.apply(scene.bringing(run, names));
        return run;
    }

    /** More than are worth sending one by one: the last one is sent, the others are inserted. */
    private void syncedMany(int items) {
        scene.owner()
                .update(
                        "insert into user_integration_content (user_integration_id, integration_domain, external_id,"
                                + " content_hash, sync_type, run_id, run_sequence)"
                                + " select user_integration_id, 'imap', 'item ' || n, '', sync_type, id, sequence"
                                + " from sync_run, generate_series(0, ? - 2) n where id = ?",
                        items,
                        synced("item " + (items - 1)));
    }

    private static String[] names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "item " + i).toArray(String[]::new);
    }

    private List<String> deleted() {
        return scene.owner()
                .queryForList(
                        "select external_id from user_integration_content"
                                + " where user_integration_id = ? and deleted_at is not null",
                        String.class,
                        files);
    }

    private long keptListings(UUID run) {
        return Objects.requireNonNull(
                scene.owner().queryForObject("select count(*) from run_listing where run_id = ?", Long.class, run));
    }
}
