package io.tributary.scheduler.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.scheduler.testing.SharedScheduler;
import io.tributary.schemas.RunAgain;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tasks that another service wants to run again get runs of their own. */
@ExtendWith(SharedScheduler.class)
class StartRequestedRunsIT {

    private final RunningScheduler scheduler;
    private final UUID account;

    StartRequestedRunsIT(RunningScheduler scheduler) {
        this.scheduler = scheduler;
        this.account = UUID.fromString(scheduler
                .user("ann-" + UUID.randomUUID())
                .post("/v1/user-integrations", "{\"integrationDomain\": \"hello\"}")
                .expect(201)
                .text("id"));
    }

    @Test
    void putsTasksOfOneSyncTypeAndTheSameOptionsIntoOneRun() {
        scheduler.database().jdbc().sql("""
            insert into requested_run (user_integration_id, sync_type, options, task_type, payload)
            select :id, sync_type, options::jsonb, 'list', jsonb_build_object('page', page)
            from (values ('default', '{}', 1), ('default', '{}', 2), ('default', '{"force": true}', 3),
                         ('other', '{}', 4)) as task (sync_type, options, page)
            """).param("id", account).update();

        scheduler.bean(StartRequestedRuns.class).run();
        scheduler.bean(StartRequestedRuns.class).run();

        assertThat(runs())
                .extracting(run -> run.get("sync_type") + " " + run.get("options") + " " + run.get("pages"))
                .containsExactlyInAnyOrder("default {} 1,2", "default {\"force\": true} 3", "other {} 4");
        assertThat(runs()).extracting(run -> run.get("initial_task_type")).containsOnly(RunAgain.TASK_TYPE);
    }

    @Test
    void leavesOutSystemTasksThatAnEarlierSinkRequestedAndRunsTheOthersOfTheirGroup() {
        scheduler.database().jdbc().sql("""
            insert into requested_run (user_integration_id, sync_type, task_type, payload)
            values (:id, 'default', 'tributary.refreshAccess', '{}'), (:id, 'default', 'list', '{"page": 1}'),
                   (:id, 'other', 'tributary.connect', '{}')
            """).param("id", account).update();

        scheduler.bean(StartRequestedRuns.class).run();

        assertThat(runs())
                .extracting(run -> run.get("sync_type") + " " + run.get("pages"))
                .containsExactly("default 1");
    }

    @Test
    void startsFurtherRunsWhereOneCannotHoldAllTasks() {
        scheduler.database().jdbc().sql("""
            insert into requested_run (user_integration_id, sync_type, task_type, payload)
            select ?, 'default', 'list', '{}' from generate_series(0, ?)
            """).params(account, RunAgain.MAX_TASKS).update();

        scheduler.bean(StartRequestedRuns.class).run();

        assertThat(runs()).hasSize(2);
    }

    private List<Map<String, Object>> runs() {
        return scheduler.database().jdbc().sql("""
            select sync_type, options::text as options, initial_task_type,
                   (select string_agg(task -> 'payload' ->> 'page', ',')
                      from jsonb_array_elements(initial_payload -> 'tasks') task) as pages
            from sync_run where user_integration_id = ? and trigger = 'replay'
            """).param(account).query().listOfRows();
    }
}
