package io.tributary.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.schemas.RunStatus;
import io.tributary.sink.SinkDatabase;
import io.tributary.sink.outage.Unavailable;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What a failure of a transaction means, and how records become parameters. */
class PostgresIT {

    private static final SinkDatabase DATABASE = SinkDatabase.create();

    private final Postgres postgres = DATABASE.postgres();

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Test
    void rejectsValuesByTheirSqlState() {
        assertThatThrownBy(() -> postgres.get(
                        () -> postgres.sql("select 1 / 0").query(Integer.class).single()))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.sqlState()).isEqualTo("22012"));
    }

    @Test
    void isUnavailableWhereAnyOtherStatementWouldFailAsWell() {
        assertThatThrownBy(() -> postgres.run(
                        () -> postgres.sql("delete from no_such_table").update()))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void passesABugOnAndCommitsNothing() {
        assertThatThrownBy(() -> postgres.run(() -> {
                    insert();
                    throw new IllegalStateException("a bug says nothing about the values");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(DATABASE.count("select count(*) from dead_letter")).isZero();
    }

    @Test
    void takesTheComponentsOfRecordsAsParameters() {
        record Row(
                String text,
                @Nullable Instant time,
                RunStatus status,
                @Nullable UUID none) {}
        var noon = Instant.parse("2026-03-01T12:00:00Z");
        record Read(String text, Instant time, String status, boolean none) {}

        Read read = postgres.get(() -> postgres.sql(
                        "select :text as text, :time as time, :status as status, cast(:none as uuid) is null as none",
                        new Row("a", noon, RunStatus.partial, null))
                .query(Read.class)
                .single());

        assertThat(read).isEqualTo(new Read("a", noon, "partial", true));
        assertThat(postgres.batch("select 1", List.of())).isZero();
    }

    private void insert() {
        postgres.sql("insert into dead_letter (kafka_partition, kafka_offset, error_code, error_message, fingerprint,"
                        + " attempts, record, created_at) values (1, 1, 'c', 'm', 'f', 1, '{}', now())")
                .update();
    }
}
