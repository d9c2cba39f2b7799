package io.tributary.scheduler.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.dispatch.Outbox;
import io.tributary.scheduler.notifications.DueDeliveries.Due;
import io.tributary.scheduler.security.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;

/** Schedulers share the deliveries: none is lost, and none queued twice, also when they die. */
class QueueNotificationsIT extends NotificationTest {

    private static final int NOTIFICATIONS = 3_000;

    @Test
    void queuesEachDeliveryOnceAlthoughSchedulersDieAtRandom() throws Exception {
        long seed = Long.getLong("scheduler.seed", System.nanoTime());
        System.out.println("scheduler.seed=" + seed);
        insert(Instant.now());

        // The timer of the shared scheduler takes part.
        try (var threads = Executors.newFixedThreadPool(4)) {
            var work = IntStream.range(0, 4)
                    .<Callable<Integer>>mapToObj(i -> () -> queueUntilNoneIsLeft(new Random(seed + i)))
                    .toList();
            int deaths = 0;
            for (Future<Integer> done : threads.invokeAll(work)) {
                deaths += done.get();
            }
            assertThat(deaths).isPositive();
        }

        assertThat(queued("select count(*) from effects")).isEqualTo(NOTIFICATIONS);
        assertThat(queued("select count(distinct key) from effects")).isEqualTo(NOTIFICATIONS);
        assertThat(queued("""
            select count(*) from effects e
            join notification_delivery d on 'notification:' || d.id = e.key and d.run_id = e.run_id
            where d.status = 'queued'
            """)).isEqualTo(NOTIFICATIONS);
        assertThat(queued("""
            select count(*) from notification n join notification_delivery d on d.notification_id = n.id
            join mine on mine.id = d.user_integration_id where n.status = 'queued'
            """)).isEqualTo(NOTIFICATIONS);
    }

    @Test
    void takesTheUrgentOnesBeforeAnyNumberOfOthersThatWereDueEarlier() {
        Instant hour = Instant.now().plusSeconds(3_600);
        insert(hour);
        UUID urgent = send(", \"runAt\": \"" + hour.plusSeconds(60) + "\"", pigeon);
        UUID delivery = deliveryOf(urgent, 0);

        List<Due> taken = scheduler
                .database()
                .transaction()
                .execute(_ -> new DueDeliveries(scheduler.database().jdbc())
                        .lock(hour.plusSeconds(120), 500, QueueNotifications.MAX_BYTES));

        assertThat(taken).extracting(Due::id).contains(delivery);
        assertThat(taken).extracting(Due::priority).isSorted();
        assertThat(taken).extracting(Due::priority).contains(9);
    }

    @Test
    void readsContentsUpToANumberOfBytes() {
        Instant hour = Instant.now().plusSeconds(3_600);
        // What other tests left for later must not be due before these.
        scheduler
                .database()
                .jdbc()
                .sql("update notification_delivery set due_at = due_at + interval '1 day' where due_at > now()")
                .update();
        for (int i = 0; i < 4; i++) {
            send(", \"subject\": \"" + "x".repeat(900) + "\", \"runAt\": \"" + hour + "\"", pigeon);
        }

        List<Due> taken = scheduler
                .database()
                .transaction()
                .execute(_ -> new DueDeliveries(scheduler.database().jdbc()).lock(hour.plusSeconds(120), 3, 1_500));

        assertThat(taken)
                .hasSizeBetween(1, 2)
                .allSatisfy(due -> assertThat(due.locked()).isEqualTo(3));
    }

    private int queueUntilNoneIsLeft(Random random) {
        int deaths = 0;
        while (queued("""
                select count(*) from notification_delivery d join mine on mine.id = d.user_integration_id
                where d.status = 'scheduled'
                """) > 0) {
            try {
                dying(random).run();
            } catch (Death _) {
                deaths++;
            }
        }
        return deaths;
    }

    private QueueNotifications dying(Random random) {
        TransactionOperations real = scheduler.bean(TransactionOperations.class);
        var dying = new TransactionOperations() {
            @Override
            public <T> T execute(TransactionCallback<T> action) {
                return real.execute(status -> {
                    T result = action.doInTransaction(status);
                    if (random.nextInt(3) == 0) {
                        throw new Death(); // what dies takes its transaction along
                    }
                    return result;
                });
            }
        };
        return new QueueNotifications(
                scheduler.bean(QueueNotifications.Steps.class),
                dying,
                scheduler.bean(Outbox.class),
                scheduler.bean(NotificationMeters.class),
                Clock.systemUTC());
    }

    /** The process is gone: nothing catches this. */
    private static final class Death extends Error {}

    private void insert(Instant runAt) {
        Instant now = Instant.now();
        var accounts = List.of(account(pigeon), account(other));
        var drafts = IntStream.range(0, NOTIFICATIONS)
                .mapToObj(i -> new Draft(
                        UUID.randomUUID(),
                        List.of(accounts.get(i % 2)),
                        "{\"email\": \"bo@example.org\"}",
                        "{\"text\": \"Hello.\"}",
                        false,
                        9,
                        runAt,
                        null))
                .toList();
        var owner = new Caller(accounts.getFirst().userId(), accounts.getFirst().userId(), Caller.Role.user);
        assertThat(scheduler.bean(NotificationTable.class).insert(drafts, owner, now))
                .hasSize(NOTIFICATIONS);
    }

    private Account account(UUID id) {
        return scheduler
                .database()
                .jdbc()
                .sql("select id, user_id, integration_domain from user_integration where id = ?")
                .param(id)
                .query((row, _) -> Account.read(row))
                .single();
    }

    private long queued(String query) {
        return scheduler
                .database()
                .jdbc()
                .sql("""
                    with mine (id) as (values (:one), (:two)),
                    effects as (
                      select r.id as run_id, task -> 'payload' ->> 'key' as key
                      from sync_run r join mine on mine.id = r.user_integration_id,
                           jsonb_array_elements(r.initial_payload -> 'tasks') task)
                    """ + query)
                .param("one", pigeon)
                .param("two", other)
                .query(Long.class)
                .single();
    }
}
