package io.tributary.sink.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.RunStatus;
import io.tributary.sink.run.RunRecord;
import io.tributary.sink.run.RunRecord.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a replay may and may not change, on real Postgres. */
class ReapplyOutputsIT {

    private final Scene scene = new Scene();
    private final UUID mail = scene.userIntegration();

    @Test
    void leavesRunsAsTheyAre() {
        UUID run = scene.run(mail, "schedule");
        Item item = scene.output(run, "a").saying("one");
        scene.apply(item, scene.progress(run, RunStatus.succeeded, 1));
        var before = scene.runRow(run);
        lose();

        var tally = scene.reapply(item);

        assertThat(content()).isEqualTo("one");
        assertThat(tally.inserted()).isEqualTo(1);
        assertThat(scene.runRow(run)).isEqualTo(before);
    }

    @Test
    void changesNothingTheSecondTime() {
        UUID run = scene.run(mail, "schedule");
        Item item = scene.output(run, "a").saying("one");
        scene.apply(item);

        var tally = scene.reapply(item);

        assertThat(tally.unchanged()).isEqualTo(1);
        assertThat(tally.matched()).isEqualTo(1);
    }

    @Test
    void bringsNoContentBackThatSomebodyPurged() {
        UUID run = scene.run(mail, "schedule");
        Item item = scene.output(run, "a").saying("one");
        scene.apply(item);
        lose();
        scene.owner().update("update user_integration set purged_before = now() where id = ?", mail);

        var tally = scene.reapply(item);

        assertThat(scene.content(mail, "a")).isEmpty();
        assertThat(tally.skipped()).isEqualTo(1);
    }

    @Test
    void bringsNoContentBackThatIsPastItsRetention() {
        UUID run = scene.run(mail, "schedule");
        Item old = scene.output(run, "a").with(output -> output.setExternalTimestamp(Scene.NOW));
        Item recent = scene.output(run, "b")
                .with(output -> output.setExternalTimestamp(scene.databaseTime().toInstant()));
        scene.apply(old, recent);
        lose();
        scene.owner().update("update user_integration set retention_days = 1 where id = ?", mail);

        scene.reapply(old, recent);

        assertThat(scene.content(mail, "a")).isEmpty();
        assertThat(scene.content(mail, "b")).isPresent();
    }

    @Test
    void bringsNothingOlderAfterARunThatFoundTheItemUnchangedMeanwhile() {
        Item one = saidByARunOfItsOwn("one");
        Item two = saidByARunOfItsOwn("two");
        lose();
        replayIsUnderWay();
        scene.reapply(one);
        UUID now = scene.run(mail, "schedule");
        scene.apply(scene.output(now, "a").saying("one"));

        scene.reapply(two);

        assertThat(content()).isEqualTo("one");
    }

    @Test
    void bringsNothingOlderOfARunThatWentBesideANewerOne() {
        Item one = saidByARunOfItsOwn("one");
        UUID older = scene.run(mail, "backfill");
        UUID newer = scene.run(mail, "schedule");
        Item newest = scene.output(newer, "a").saying("one");
        Item late = scene.output(older, "a").saying("two");
        scene.apply(newest);
        scene.apply(late, scene.progress(older, RunStatus.succeeded, 1));
        scene.apply(scene.progress(newer, RunStatus.succeeded, 1));
        lose();

        scene.reapply(one);
        scene.reapply(newest);
        scene.reapply(late);

        assertThat(content()).isEqualTo("one");
    }

    @Test
    void readsUpToWhereLiveSinksAre() {
        UUID run = scene.run(mail, "schedule");
        Item early = scene.output(run, "a").saying("one");
        Item late = scene.output(run, "a").saying("two");
        scene.apply(early, late);

        assertThat(scene.reapply(early).reach()).isEqualTo(late.offset() + 1);
    }

    @Test
    void passesOverWhatBelongsToNothingAnyMore() {
        UUID run = scene.run(mail, "schedule");
        Item item = scene.output(run, "a").saying("one");
        scene.owner().update("delete from sync_run where id = ?", run);

        assertThat(scene.reapply(item).skipped()).isEqualTo(1);
    }

    @Test
    void deletesAgainWhatACompleteListingDidNotShow() {
        List<RunRecord> first = synced("kept", "gone");
        List<RunRecord> second = listedOnly("kept");
        lose();

        reapply(first);
        scene.reapply(second.getFirst());
        assertThat(deleted()).as("before the end of the run").isEmpty();
        scene.reapply(second.getLast());

        assertThat(rows()).containsExactlyInAnyOrder("kept", "gone");
        assertThat(deleted()).containsExactly("gone");
        assertThat(listings()).isZero();
    }

    @Test
    void deletesInTheirOrderWhatComesInOneBatch() {
        List<RunRecord> all = new ArrayList<>(synced("kept", "gone"));
        all.addAll(listedOnly("kept"));
        all.addAll(synced("gone"));
        all.addAll(listedOnly("gone"));
        lose();

        reapply(all);

        assertThat(deleted()).containsExactly("kept");
    }

    @Test
    void doesNotDeleteWhatItsRunWasNotAllowedTo() {
        List<RunRecord> first =
                synced(IntStream.range(0, 30).mapToObj(i -> "item " + i).toArray(String[]::new));
        List<RunRecord> second = listedOnly();
        lose();

        reapply(first);
        reapply(second);

        assertThat(rows()).hasSize(30);
        assertThat(deleted()).isEmpty();
    }

    @Test
    void doesNotDeleteByHalfOfTheListings() {
        List<RunRecord> first = synced("kept", "also kept", "gone");
        UUID run = scene.run(mail, "schedule");
        List<RunRecord> second = List.of(
                scene.listing(run, "kept"),
                scene.listing(run, "also kept"),
                scene.listedEverything(run, RunStatus.succeeded, 0, 2));
        scene.apply(second);
        lose();

        reapply(first);
        reapply(second.subList(1, 3)); // from an offset between them

        assertThat(deleted()).isEmpty();
    }

    @Test
    void sparesWhatANewerRunBroughtBack() {
        synced("back");
        List<RunRecord> deleting = listedOnly();
        synced("back");

        reapply(deleting);

        assertThat(deleted()).isEmpty();
    }

    @Test
    void sparesWhatARunSaidThatWentOnBehindTheListing() {
        UUID beside = scene.run(mail, "backfill");
        List<RunRecord> deleting = listedOnly();
        scene.apply(scene.output(beside, "late").saying("late"), scene.progress(beside, RunStatus.succeeded, 1));

        reapply(deleting);

        assertThat(deleted()).isEmpty();
    }

    @Test
    void forgetsTheListingsThatACancelledReplayLeft() {
        List<RunRecord> run = listedOnly("kept");
        scene.reapply(run.getFirst());
        assertThat(listings()).isEqualTo(1);

        scene.beginReplay();

        assertThat(listings()).isZero();
    }

    /** What a run of its own says, which lists nothing. */
    private List<RunRecord> synced(String... names) {
        List<RunRecord> records = scene.bringing(scene.run(mail, "schedule"), names);
        scene.apply(records);
        return records;
    }

    /** What a run says that lists everything there is, and brings nothing. */
    private List<RunRecord> listedOnly(String... names) {
        UUID run = scene.run(mail, "schedule");
        List<RunRecord> records =
                List.of(scene.listing(run, names), scene.listedEverything(run, RunStatus.succeeded, 0, names.length));
        scene.apply(records);
        return records;
    }

    private void reapply(List<RunRecord> records) {
        scene.reapply(records.toArray(RunRecord[]::new));
    }

    private List<String> rows() {
        return names("true");
    }

    private List<String> deleted() {
        return names("deleted_at is not null");
    }

    private List<String> names(String which) {
        return scene.owner()
                .queryForList(
                        "select external_id from user_integration_content where user_integration_id = ? and " + which,
                        String.class,
                        mail);
    }

    private long listings() {
        return Objects.requireNonNull(scene.owner()
                .queryForObject(
                        "select count(*) from run_listing join sync_run r on r.id = run_id"
                                + " where r.user_integration_id = ?",
                        Long.class,
                        mail));
    }

    private Item saidByARunOfItsOwn(String content) {
        UUID run = scene.run(mail, "schedule");
        Item item = scene.output(run, "a").saying(content);
        scene.apply(item, scene.progress(run, RunStatus.succeeded, 1));
        return item;
    }

    private void replayIsUnderWay() {
        scene.owner()
                .update(
                        "insert into replay (kind, requested_by, user_integration_id) values ('outputs', 'test', ?)",
                        mail);
    }

    private void lose() {
        scene.owner().update("delete from user_integration_content where user_integration_id = ?", mail);
    }

    private String content() {
        return String.valueOf(scene.content(mail, "a").orElseThrow().get("content"));
    }
}
