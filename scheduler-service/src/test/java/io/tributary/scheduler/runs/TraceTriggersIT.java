package io.tributary.scheduler.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.testing.Database;
import io.tributary.schemas.Trigger;
import io.tributary.telemetry.Traceparent;
import io.tributary.telemetry.Traces;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The spans of triggers, and what runs keep of them. */
class TraceTriggersIT {

    private static final String CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0";
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    @AutoClose
    private static final Database database = Database.migrated();

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();

    @AutoClose
    private final Traces traces = Traces.to(exported, "scheduler", 1);

    private final QueueRun queueRun = new QueueRun(database.jdbc(), new TraceTriggers(traces));

    @BeforeEach
    void empty() {
        database.deleteAll("user_integration");
    }

    @Test
    void aScheduleBeginsATraceForEachRun() {
        var runs = List.of(run(Trigger.schedule), run(Trigger.schedule));

        database.transaction().executeWithoutResult(_ -> {
            queueRun.all(runs, NOW);
            assertThat(spans()).as("before the commit").isEmpty();
        });

        assertThat(spans()).hasSize(2).allSatisfy(span -> {
            assertThat(span.getName()).isEqualTo("trigger schedule");
            assertThat(span.getParentSpanContext().isValid()).isFalse();
            assertThat(traceparentOf(span.getAttributes().get(Traces.RUN)))
                    .isEqualTo(Traceparent.of(span.getSpanContext()));
        });
        assertThat(spans()).extracting(SpanData::getTraceId).doesNotHaveDuplicates();
    }

    @Test
    void aRequestHasItsRunBelowItAndDecidesWhetherItIsRecorded() {
        UUID recorded = below(CALLER + "1", run(Trigger.manual));
        UUID unrecorded = below(CALLER + "0", run(Trigger.manual));

        assertThat(spans()).singleElement().satisfies(span -> {
            assertThat(span.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
            assertThat(traceparentOf(recorded.toString())).isEqualTo(Traceparent.of(span.getSpanContext()));
        });
        assertThat(traceparentOf(unrecorded.toString()))
                .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
                .endsWith("-00");
    }

    @Test
    void aRunThatIsNotQueuedHasNoSpan() {
        NewRun run = run(Trigger.manual);
        database.transaction().executeWithoutResult(_ -> queueRun.one(run, NOW));

        database.transaction()
                .executeWithoutResult(_ -> assertThat(queueRun.one(run, NOW))
                        .as("such a run is live")
                        .isEmpty());
        database.transaction().executeWithoutResult(transaction -> {
            queueRun.one(run(Trigger.manual), NOW);
            transaction.setRollbackOnly();
        });

        assertThat(spans()).hasSize(1);
    }

    private UUID below(String caller, NewRun run) {
        try (var _ = Span.wrap(Traceparent.parse(caller)).makeCurrent()) {
            return queueRun.one(run, NOW).orElseThrow();
        }
    }

    private static NewRun run(Trigger trigger) {
        return NewRun.of(account(database.integration(null)), "default", trigger);
    }

    private static Account account(UUID id) {
        return database.jdbc()
                .sql("select user_id, integration_domain from user_integration where id = ?")
                .param(id)
                .query((row, _) -> new Account(id, row.getString("user_id"), row.getString("integration_domain")))
                .single();
    }

    private static String traceparentOf(@Nullable String run) {
        return database.jdbc()
                .sql("select traceparent from sync_run where id = ?::uuid")
                .param(run)
                .query(String.class)
                .single();
    }

    private List<SpanData> spans() {
        traces.flush();
        return exported.getFinishedSpanItems();
    }
}
