package io.tributary.scheduler.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.scheduler.testing.SharedScheduler;
import io.tributary.schemas.SyncEvent;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever changes a row, the event is in the same transaction, and then on the topic. */
@ExtendWith(SharedScheduler.class)
class PublishEventsIT {

    private final RunningScheduler scheduler;

    PublishEventsIT(RunningScheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Test
    void tellsWhatHappensToAnAccountInOrder() {
        UUID account = scheduler.database().integration(null);
        for (String status : List.of("paused", "active", "error", "active")) {
            scheduler
                    .database()
                    .update("update user_integration set sync_status = '" + status + "' where id = :id", account);
        }
        scheduler
                .database()
                .update(
                        "update user_integration set sync_status = 'expired', error_code = 'oauth.grantRevoked' where id = :id",
                        account);
        scheduler.database().update("update user_integration set sync_status = 'expired' where id = :id", account);

        var events = await(account, 6);

        assertThat(events)
                .extracting(SyncEvent::getType)
                .containsExactly(
                        "integration.connected",
                        "integration.paused",
                        "integration.resumed",
                        "integration.failed",
                        "integration.connected",
                        "integration.expired");
        assertThat(events.getLast().getCode()).isEqualTo("oauth.grantRevoked");
        assertThat(events.getLast().getUserId()).isEqualTo("ann");
    }

    @ParameterizedTest
    @CsvSource({
        "succeeded,run.completed",
        "partial,run.completed",
        "failed,run.failed",
        "timed_out,run.failed",
        "cancelled,run.cancelled"
    })
    void tellsTheEndOfARunOnce(String status, String type) {
        UUID account = scheduler.database().integration(null);
        UUID run = scheduler.database().run(account, "manual");
        scheduler.database().update("update sync_run set status = 'running' where id = :id", run);

        scheduler
                .database()
                .update(
                        "update sync_run set status = '" + status
                                + "', finished_at = now(), outputs = 7 where id = :id",
                        run);
        scheduler.database().update("update sync_run set outputs_saved = 7 where id = :id", run);

        var event = await(account, 2).getLast();
        assertThat(event.getType()).isEqualTo(type);
        assertThat(event.getRunId()).isEqualTo(run);
        assertThat(event.getDetails()).contains("\"outputs\": 7").contains(status);
    }

    @Test
    void tellsNothingOfAChangeThatWasRolledBack() {
        UUID account = scheduler.database().integration(null);
        scheduler.database().transaction().executeWithoutResult(transaction -> {
            scheduler.database().update("update user_integration set sync_status = 'paused' where id = :id", account);
            transaction.setRollbackOnly();
        });
        scheduler.database().update("update user_integration set sync_status = 'expired' where id = :id", account);

        assertThat(await(account, 2))
                .extracting(SyncEvent::getType)
                .containsExactly("integration.connected", "integration.expired");
    }

    @Test
    void publishesTheSameEventAgainAfterACrash() {
        UUID account = scheduler.database().integration(null);
        UUID id = await(account, 1).getFirst().getEventId();

        // What a scheduler leaves that dies between the topic and the mark.
        scheduler
                .database()
                .update("update event_outbox set published_at = null where user_integration_id = :id", account);

        assertThat(await(account, 2)).extracting(SyncEvent::getEventId).containsExactly(id, id);
    }

    private List<SyncEvent> await(UUID account, int count) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> events(account), events -> events.size() >= count);
    }

    private List<SyncEvent> events(UUID account) {
        return scheduler.broker().<SyncEvent>read(scheduler.broker().topics().events()).stream()
                .filter(record -> record.key().equals(account.toString()))
                .map(ConsumerRecord::value)
                .toList();
    }
}
