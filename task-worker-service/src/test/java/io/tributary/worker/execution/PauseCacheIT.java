package io.tributary.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.standalone.servers.TestServers;
import io.tributary.worker.engine.Pauses;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class PauseCacheIT {

    @Test
    void takesEverythingForPausedUntilItKnowsAndThenFollows() {
        var postgres = TestServers.postgres();
        String url = postgres.createDatabase("pauses_" + Long.toHexString(System.nanoTime()));
        var database = JdbcClient.create(new DriverManagerDataSource(url, postgres.username(), postgres.password()));

        try (var pauses = new PauseCache(database)) {
            assertThat(pauses.get()).as("there is no such table yet").isEqualTo(Pauses.EVERYTHING);
            database.sql("create table worker_pause (name text)").update();
            await().atMost(Duration.ofMinutes(1)).until(() -> pauses.get().equals(Pauses.NONE));
            Pauses none = pauses.get();

            database.sql("insert into worker_pause values ('gmail')").update();
            await().atMost(Duration.ofMinutes(1)).until(() -> pauses.get().equals(new Pauses(false, Set.of("gmail"))));

            database.sql("insert into worker_pause values ('all')").update();
            await().atMost(Duration.ofMinutes(1)).until(() -> pauses.get().everything());
            database.sql("drop table worker_pause").update();
            database.sql("create table worker_pause (name text)").update();
            await().atMost(Duration.ofMinutes(1)).until(() -> pauses.get().equals(none));
        }
    }
}
