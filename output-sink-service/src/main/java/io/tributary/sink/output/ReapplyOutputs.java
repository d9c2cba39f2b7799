package io.tributary.sink.output;

import io.tributary.schemas.Listing;
import io.tributary.schemas.Output;
import io.tributary.schemas.RunProgress;
import io.tributary.sink.output.RunRecord.Item;
import io.tributary.sink.output.RunRecord.Listed;
import io.tributary.sink.output.RunRecord.Progress;
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
 * Writes outputs that are read again to {@code user_integration_content}, as they were written first, and deletes again
 * what complete listings did not show. The runs they are of, their counters and what their end meant stay as they are.
 */
public final class ReapplyOutputs implements Reapply<SpecificRecord> {

    private final String topic;
    private final LockRuns lockRuns;
    private final WriteOutputs writeOutputs;
    private final SaveListings saveListings;
    private final DeleteAgain deleteAgain;

    public ReapplyOutputs(String topic, JdbcTemplate jdbc, Clock clock) {
        this.topic = topic;
        this.lockRuns = new LockRuns(JdbcClient.create(jdbc));
        this.writeOutputs = new WriteOutputs(jdbc, clock);
        this.saveListings = new SaveListings(jdbc);
        this.deleteAgain = new DeleteAgain(JdbcClient.create(jdbc));
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public Optional<SpecificRecord> of(Replay replay, SpecificRecord message) {
        return switch (message) {
            case Output output -> Optional.of(output);
            case Listing listing -> Optional.of(listing);
            case RunProgress progress when progress.getListed() != null -> Optional.of(progress);
            default -> Optional.empty();
        };
    }

    @Override
    public void begin() {
        deleteAgain.forgetListings();
    }

    @Override
    public Tally apply(Replay replay, List<Read<SpecificRecord>> messages) {
        List<RunRecord> records = messages.stream().map(ReapplyOutputs::record).toList();
        Map<UUID, Run> runs = lockRuns.ofReplayed(records);
        List<RunRecord> known =
                records.stream().filter(record -> isKnown(record, runs)).toList();
        RowCounts rows = RowCounts.NONE;
        for (List<RunBatch> part : parts(known, runs)) {
            for (RowCounts ofRun : writeOutputs.write(part).values()) {
                rows = rows.plus(ofRun);
            }
            saveListings.saveAgain(part);
            part.forEach(batch -> batch.progress().ifPresent(end -> deleteAgain.delete(batch.run(), end)));
        }
        long reach = runs.values().stream()
                .mapToLong(run -> run.sinkOffset() + 1)
                .max()
                .orElse(0);
        return Tally.ofRows(rows.inserted(), rows.updated(), rows.unchanged(), items(records) - items(known), reach);
    }

    private static RunRecord record(Read<SpecificRecord> read) {
        return switch (read.message()) {
            case Output output -> new Item(read.source(), output);
            case Listing listing -> new Listed(read.source(), listing);
            case RunProgress progress -> new Progress(read.source(), progress);
            default ->
                throw new IllegalArgumentException(
                        "not a record of a run: " + read.message().getSchema());
        };
    }

    private static long items(List<RunRecord> records) {
        return records.stream().filter(Item.class::isInstance).count();
    }

    /** Its run is not gone, as it is with its user integration. */
    private static boolean isKnown(RunRecord record, Map<UUID, Run> runs) {
        Run run = runs.get(record.runId());
        return run != null && run.userIntegration().id().equals(record.userIntegrationId());
    }

    /**
     * Parts in which each user integration has one run. Written together, a run that found an item as it was would count
     * as the one that wrote it.
     */
    private static List<List<RunBatch>> parts(List<RunRecord> records, Map<UUID, Run> runs) {
        List<List<RunBatch>> parts = new ArrayList<>();
        Map<UUID, RunBatch> part = new LinkedHashMap<>();
        for (RunRecord record : records) {
            RunBatch before = part.get(record.userIntegrationId());
            if (before != null && !before.run().id().equals(record.runId())) {
                parts.add(List.copyOf(part.values()));
                part.clear();
            }
            part.computeIfAbsent(record.userIntegrationId(), id -> new RunBatch(runOf(record, runs), new ArrayList<>()))
                    .records()
                    .add(record);
        }
        parts.add(List.copyOf(part.values()));
        return parts;
    }

    private static Run runOf(RunRecord record, Map<UUID, Run> runs) {
        return Objects.requireNonNull(runs.get(record.runId()), "known");
    }
}
