package io.tributary.sink.output;

import io.tributary.schemas.Output;
import io.tributary.sink.output.RunRecord.Item;
import io.tributary.sink.replay.Reapply;
import io.tributary.sink.replay.Replay;
import io.tributary.sink.replay.Tally;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Writes outputs that are read again to {@code user_integration_content}, as they were written first. The runs they are
 * of, their counters and what their end meant stay as they are.
 */
public final class ReapplyOutputs implements Reapply<Output> {

    private final String topic;
    private final LockRuns lockRuns;
    private final WriteOutputs writeOutputs;

    public ReapplyOutputs(String topic, JdbcTemplate jdbc, Clock clock) {
        this.topic = topic;
        this.lockRuns = new LockRuns(JdbcClient.create(jdbc));
        this.writeOutputs = new WriteOutputs(jdbc, clock);
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public Optional<Output> of(Replay replay, SpecificRecord message) {
        return message instanceof Output output ? Optional.of(output) : Optional.empty();
    }

    @Override
    public Tally apply(Replay replay, List<Read<Output>> messages) {
        List<Item> items = messages.stream()
                .map(read -> new Item(read.source(), read.message()))
                .toList();
        Map<UUID, Run> runs = lockRuns.ofReplayed(items);
        List<Item> known = items.stream().filter(item -> isKnown(item, runs)).toList();
        RowCounts rows = RowCounts.NONE;
        for (List<RunBatch> part : parts(known, runs)) {
            for (RowCounts ofRun : writeOutputs.write(part).values()) {
                rows = rows.plus(ofRun);
            }
        }
        long reach = runs.values().stream()
                .mapToLong(run -> run.sinkOffset() + 1)
                .max()
                .orElse(0);
        return Tally.ofRows(rows.inserted(), rows.updated(), rows.unchanged(), items.size() - known.size(), reach);
    }

    /** Its run is not gone, as it is with its user integration. */
    private static boolean isKnown(Item item, Map<UUID, Run> runs) {
        Run run = runs.get(item.runId());
        return run != null && run.userIntegration().id().equals(item.userIntegrationId());
    }

    /**
     * Parts in which each user integration has one run. Written together, a run that found an item as it was would count
     * as the one that wrote it.
     */
    private static List<List<RunBatch>> parts(List<Item> items, Map<UUID, Run> runs) {
        List<List<RunBatch>> parts = new ArrayList<>();
        Map<UUID, RunBatch> part = new LinkedHashMap<>();
        for (Item item : items) {
            RunBatch before = part.get(item.userIntegrationId());
            if (before != null && !before.run().id().equals(item.runId())) {
                parts.add(List.copyOf(part.values()));
                part.clear();
            }
            part.computeIfAbsent(item.userIntegrationId(), id -> new RunBatch(runOf(item, runs), new ArrayList<>()))
                    .records()
                    .add(item);
        }
        parts.add(List.copyOf(part.values()));
        return parts;
    }

    private static Run runOf(Item item, Map<UUID, Run> runs) {
        return Objects.requireNonNull(runs.get(item.runId()), "known");
    }
}
