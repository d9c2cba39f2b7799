package io.tributary.sink.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tributary.schemas.RunStatus;
import io.tributary.sink.postgres.Rejected;
import io.tributary.sink.run.RunRecord;
import io.tributary.telemetry.Traces;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The spans of what the sink does to a run. */
class TraceAppliedIT {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String TRIGGER = "00f067aa0ba902b7";

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();

    @AutoClose
    private final Traces traces = Traces.to(exported, "sink", 0);

    private final Scene scene = new Scene(traces);
    private final UUID mail = scene.userIntegration();

    @Test
    void areOneForEachBatchOfTheRunAndOneForItsEnd() {
        UUID run = traced("01");
        RunRecord first = output(run, "1", span(1));
        RunRecord second = output(run, "2", span(1));
        RunRecord third = output(run, "3", span(2));

        scene.apply(first, second);
        scene.apply(third, scene.progress(run, RunStatus.succeeded, 3));

        List<SpanData> spans = spans();
        assertThat(spans).extracting(SpanData::getName).containsExactly("write", "write", "complete");
        assertThat(spans).allSatisfy(span -> {
            assertThat(span.getTraceId()).isEqualTo(TRACE);
            assertThat(span.getParentSpanId()).isEqualTo(TRIGGER);
            assertThat(span.getAttributes().asMap().values()).contains(run.toString(), mail.toString());
        });
        assertThat(links(spans.get(0))).containsExactly("0000000000000001");
        assertThat(links(spans.get(1))).containsExactly("0000000000000002");
        assertThat(spans.get(2).getAttributes().get(Traces.OUTCOME)).isEqualTo("succeeded");
    }

    @Test
    void doNotGrowWithTheOutputs() {
        UUID run = traced("01");

        scene.apply(IntStream.rangeClosed(1, 100)
                .mapToObj(i -> output(run, "item " + i, span(i)))
                .toList());

        assertThat(spans())
                .singleElement()
                .satisfies(span -> assertThat(span.getLinks()).hasSize(Traces.MOST_LINKS));
    }

    @Test
    void areNoneOfRecordsThatWereAppliedBefore() {
        UUID run = traced("01");
        RunRecord output = output(run, "1", span(1));
        scene.apply(output);

        scene.apply(output);

        assertThat(spans()).hasSize(1);
    }

    @Test
    void areNoneOfATransactionThatFails() {
        UUID run = traced("01");
        scene.owner().execute("alter table user_integration_content add check (content <> 'refused here') not valid");

        assertThatThrownBy(() -> scene.apply(scene.output(run, "1").saying("refused here")))
                .isInstanceOf(Rejected.class);

        assertThat(spans()).isEmpty();
    }

    @Test
    void areNoneOfARunThatIsNotRecordedOrHasNoTrace() {
        UUID unrecorded = traced("00");
        UUID old = scene.run(mail, "backfill");
        UUID hostile = scene.run(mail, "backfill");
        scene.owner().update("update sync_run set traceparent = repeat('0', 100000) where id = ?", hostile);

        for (UUID run : List.of(unrecorded, old, hostile)) {
            scene.apply(output(run, "1", span(1)), scene.progress(run, RunStatus.succeeded, 1));
        }

        assertThat(spans()).isEmpty();
    }

    @Test
    void haveNoLinksToWhatIsNoTraceparent() {
        UUID run = traced("01");

        scene.apply(output(run, "1", "malformed"), scene.output(run, "2").saying("an item of an earlier version"));

        assertThat(spans())
                .singleElement()
                .satisfies(span -> assertThat(span.getLinks()).isEmpty());
    }

    private UUID traced(String flags) {
        UUID run = scene.run(mail, "backfill");
        scene.owner()
                .update(
                        "update sync_run set traceparent = ? where id = ?",
                        "00-" + TRACE + "-" + TRIGGER + "-" + flags,
                        run);
        return run;
    }

    private RunRecord output(UUID run, String externalId, String traceparent) {
        return scene.output(run, externalId).with(output -> output.setTraceparent(traceparent));
    }

    private static String span(int number) {
        return String.format(Locale.ROOT, "00-%s-%016x-01", TRACE, number);
    }

    private List<SpanData> spans() {
        traces.flush();
        return exported.getFinishedSpanItems();
    }

    private static List<String> links(SpanData span) {
        return span.getLinks().stream()
                .map(link -> link.getSpanContext().getSpanId())
                .toList();
    }
}
