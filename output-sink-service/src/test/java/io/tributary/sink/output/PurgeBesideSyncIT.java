package io.tributary.sink.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.Output;
import io.tributary.sink.maintenance.PurgeContent;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.run.RunRecord.Item;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Years of one tenant's content are purged while that tenant is synced. */
class PurgeBesideSyncIT {

    private static final int OLD_ITEMS = 20_000;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private final long seed = Long.getLong("purge.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Scene scene = new Scene();
    private final UUID mail = scene.userIntegration();

    @Test
    void blocksNoSyncAndTakesNothingThatASyncJustSaid() {
        System.out.println("purge.seed=" + seed);
        scene.owner().update("""
            insert into user_integration_content (user_integration_id, integration_domain, external_id,
              external_timestamp, content, content_hash, run_id, run_sequence)
            select ?, 'imap', 'item ' || n, '2020-01-01Z', repeat('x', 1000), '', gen_random_uuid(), 1
              from generate_series(1, ?) n\
            """, mail, OLD_ITEMS);
        scene.owner().update("update user_integration set retention_days = 365 where id = ?", mail);
        // Before the purge, which has the owner's only connection: a run that its transaction inserts is not there yet.
        Item like = scene.output(scene.run(mail, "schedule"), "")
                .with(output -> output.setExternalTimestamp(Scene.NOW).setContent("new"));
        var purge = CompletableFuture.runAsync(this::round);

        Set<String> said = new HashSet<>();
        Duration longest = Duration.ZERO;
        long offset = like.offset() + 1;
        int batches = 0;
        while (!purge.isDone() || batches < 20) {
            List<Item> batch = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String id = "item " + (1 + random.nextInt(OLD_ITEMS));
                if (said.add(id)) {
                    batch.add(new Item(
                            Scene.onTopic(offset++),
                            Output.newBuilder(like.output()).setExternalId(id).build()));
                }
            }
            long start = System.nanoTime();
            scene.apply(batch);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            longest = took.compareTo(longest) > 0 ? took : longest;
            batches++;
        }
        purge.join();
        round();

        System.out.println("batches=" + batches + " longestMillis=" + longest.toMillis());
        assertThat(scene.owner()
                        .queryForList(
                                "select external_id from user_integration_content where user_integration_id = ?"
                                        + " and content = 'new'",
                                String.class,
                                mail))
                .containsExactlyInAnyOrderElementsOf(said);
        assertThat(scene.owner()
                        .queryForObject(
                                "select count(*) from user_integration_content where user_integration_id = ?",
                                Long.class,
                                mail))
                .isEqualTo(said.size());
        assertThat(longest).isLessThan(LONGEST_WAIT);
    }

    private void round() {
        var dataSource = Objects.requireNonNull(scene.owner().getDataSource());
        var work = new PurgeContent(
                new Postgres(new JdbcTemplate(dataSource), new JdbcTransactionManager(dataSource)),
                Clock.fixed(Scene.NOW, ZoneOffset.UTC),
                Duration.ofHours(1),
                1_000);
        String position = null;
        do {
            position = work.step(position).next();
        } while (position != null);
    }
}
