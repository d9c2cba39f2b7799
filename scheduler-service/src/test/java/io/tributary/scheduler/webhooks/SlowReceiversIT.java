package io.tributary.scheduler.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.egress.Outbound;
import io.tributary.egress.PublicHosts;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.Keysets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receivers that take connections and never answer, and others that fail for days. */
class SlowReceiversIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final WebhookProperties BOUNDS = new WebhookProperties(100, 10, 4, 20, Duration.ofDays(5));

    @TempDir
    private Path folder;

    private Database database;
    private SealCredentials seal;
    private Outbound outbound;
    private Receiver receiver;

    @SuppressWarnings("NullAway.Init") // open() sets them
    SlowReceiversIT() {}

    @BeforeEach
    void open() {
        database = Database.migrated();
        seal = new SealCredentials(Keysets.create(folder).keyset());
        outbound = new Outbound(new PublicHosts(true), true, Duration.ofMinutes(5)); // longer than the test
        receiver = new Receiver();
    }

    @AfterEach
    void close() {
        outbound.close();
        receiver.close();
        database.close();
    }

    @Test
    void aUserWithTwentyTarpitsDelaysNoOtherUser() {
        try (var tarpit = new Tarpit()) {
            for (int i = 0; i < 20; i++) {
                deliveries(webhook("alice", tarpit.url().toString() + i), 6);
            }
            try (var deliver = deliver(Clock.systemUTC())) {
                deliver.run();
                await().atMost(SOON).until(() -> tarpit.connections() == BOUNDS.attemptsPerUser());
                UUID healthy = webhook("bob", receiver.url().toString());
                deliveries(healthy, 1);

                deliver.run();

                await().atMost(SOON).until(() -> statuses(healthy).equals(List.of("delivered")));
                // None of the first user's attempts has ended, and no further one has begun.
                assertThat(tarpit.connections()).isEqualTo(BOUNDS.attemptsPerUser());
                assertThat(database.count("select count(*) from webhook_delivery where attempts > 0"))
                        .isEqualTo(BOUNDS.attemptsPerUser() + 1);
                tarpit.close(); // so that the attempts end
            }
        }
    }

    @Test
    void afterTenFailuresInARowAReceiverGetsOneAttemptAfterAWait() {
        receiver.answer(500);
        UUID webhook = webhook("alice", receiver.url().toString());
        deliveries(webhook, 100);
        try (var deliver = deliver(Clock.systemUTC())) {
            await().atMost(SOON).until(() -> {
                deliver.run();
                return failures(webhook) >= WebhookState.OPEN_AFTER;
            });
            await().atMost(SOON).until(() -> inProgress() == 0);
            int posts = receiver.posts().size();

            deliver.run();
            assertThat(inProgress()).isZero();
            assertThat(receiver.posts()).hasSize(posts);
        }
        try (var later = deliver(Clock.offset(Clock.systemUTC(), Duration.ofHours(1)))) {
            int posts = receiver.posts().size();
            later.run();
            await().atMost(SOON).until(() -> receiver.posts().size() == posts + 1);
            await().atMost(SOON).until(() -> inProgress() == 0); // its failure is noted, with the next time
            receiver.answer(204);
            database.update("update webhook set retry_at = null where id = :id", webhook);
            await().atMost(SOON).until(() -> {
                later.run();
                return failures(webhook) == 0;
            });
        }
    }

    @Test
    void aReceiverThatFailsForDaysIsDisabledWithAnEventAndAReason() {
        receiver.answer(500);
        UUID webhook = webhook("alice", receiver.url().toString());
        deliveries(webhook, 3);
        database.update(
                "update webhook set failures = 20, failing_since = now() - interval '6 days' where id = :id", webhook);
        try (var deliver = deliver(Clock.systemUTC())) {
            deliver.run();
            await().atMost(SOON)
                    .until(() -> database.value(
                                    "select disabled_at from webhook where id = :id", webhook, java.sql.Timestamp.class)
                            != null);
            await().atMost(SOON).until(() -> statuses(webhook).equals(List.of("failed", "failed", "failed")));
        }

        assertThat(database.value("select disabled_reason from webhook where id = :id", webhook, String.class))
                .contains("5 days", "500");
        assertThat(database.count("select count(*) from event_outbox where type = 'webhook.disabled'"))
                .isEqualTo(1);
        deliveries(webhook, 1); // events of its user are not queued any more
        assertThat(statuses(webhook)).hasSize(3);
    }

    private DeliverWebhooks deliver(Clock clock) {
        var table = new DeliveryTable(database.jdbc());
        var state = new WebhookState(new WebhookTable(database.jdbc()), table, BOUNDS, clock);
        return new DeliverWebhooks(table, state, seal, outbound, BOUNDS, clock);
    }

    private UUID webhook(String user, String url) {
        UUID id = UUID.randomUUID();
        database.jdbc()
                .sql("insert into webhook (id, user_id, url, secret, created_at)"
                        + " values (:id, :user, :url, :secret, '2026-01-01Z')")
                .params(Map.of("id", id, "user", user, "url", url, "secret", seal.sealJson(id, Signature.newSecret())))
                .update();
        return id;
    }

    /** Queues deliveries to one webhook, as events do. */
    private void deliveries(UUID webhook, int number) {
        database.jdbc()
                .sql("""
                    insert into webhook_delivery (webhook_id, event_id, event_type, body, next_attempt_at)
                    select id, gen_random_uuid(), 'run.completed', '{}', :now from webhook, generate_series(1, :number)
                    where id = :id and disabled_at is null
                    """)
                .param("now", SqlTime.of(Instant.parse("2026-01-01T00:00:00Z")))
                .param("number", number)
                .param("id", webhook)
                .update();
    }

    private List<String> statuses(UUID webhook) {
        return database.jdbc()
                .sql("select status from webhook_delivery where webhook_id = :id")
                .param("id", webhook)
                .query(String.class)
                .list();
    }

    private int failures(UUID webhook) {
        Integer failures = database.value("select failures from webhook where id = :id", webhook, Integer.class);
        return failures == null ? 0 : failures;
    }

    /** Attempts that have begun and not ended. */
    private long inProgress() {
        return database.count("select count(*) from webhook_delivery where attempts > 0 and status = 'pending'"
                + " and last_error is null");
    }

    /** A server that takes connections and never answers. */
    private static final class Tarpit implements AutoCloseable {

        private final ServerSocket server;
        private final List<Socket> held = new CopyOnWriteArrayList<>();

        Tarpit() {
            try {
                server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        held.add(server.accept());
                    }
                } catch (IOException _) {
                    // closed
                }
            });
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
        }

        int connections() {
            return held.size();
        }

        @Override
        public void close() {
            try {
                server.close();
                for (Socket socket : held) {
                    socket.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
