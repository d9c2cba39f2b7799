package io.tributary.sink.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.RunStatus;
import io.tributary.sink.output.RunRecord.Item;
import java.util.UUID;
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
