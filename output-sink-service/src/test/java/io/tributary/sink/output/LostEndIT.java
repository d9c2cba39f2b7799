package io.tributary.sink.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.RunStatus;
import io.tributary.sink.run.RunRecord.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Runs whose end cannot be read or saved: none of them stays live without a word. */
class LostEndIT {

    private final Scene scene = new Scene();
    private final UUID mail = scene.userIntegration();
    private final List<DeadLetter> letters = new ArrayList<>();

    @Test
    void anUnreadableRecordShowsOnTheLiveRunsOfItsAccount() {
        UUID run = scene.run(mail, "schedule");
        UUID other = scene.run(scene.userIntegration(), "schedule");

        scene.topic(null, letters).apply(List.of(Scene.onTopic(500, mail.toString())));

        assertThat(letters).hasSize(1);
        assertThat(scene.runRow(run)).containsEntry("error_code", "sink.recordUnreadable");
        assertThat(scene.runRow(other)).containsEntry("error_code", null);
        scene.apply(scene.progress(run, RunStatus.running, 1));
        assertThat(scene.runRow(run)).as("it was not the end of the run").containsEntry("error_code", null);
    }

    @Test
    void aRunWhoseEndIsRejectedInEveryFormEndsAsFailedAndItsAccountIsSyncedAgain() {
        UUID run = scene.run(mail, "schedule");
        scene.owner().update("update sync_schedule set next_sync_at = null where user_integration_id = ?", mail);
        Progress end = scene.progress(run, RunStatus.succeeded, 0);
        scene.owner().execute("""
            create function refuse_cursor() returns trigger language plpgsql as
            $$ begin raise exception 'refused' using errcode = '23514'; end $$\
            """);
        scene.owner()
                .execute("create trigger refuse_cursor before update of sync_state on sync_schedule for each row"
                        + " when (new.user_integration_id = '" + mail + "') execute function refuse_cursor()");
        try {
            scene.topic(end.progress(), letters).apply(List.of(Scene.onTopic(500, mail.toString())));
        } finally {
            scene.owner().execute("drop trigger refuse_cursor on sync_schedule");
            scene.owner().execute("drop function refuse_cursor");
        }

        assertThat(scene.runRow(run))
                .containsEntry("status", "failed")
                .containsEntry("error_code", "sink.progressSaveFailed");
        assertThat(scene.scheduleRow(mail, "default").get("next_sync_at")).isNotNull();
    }
}
