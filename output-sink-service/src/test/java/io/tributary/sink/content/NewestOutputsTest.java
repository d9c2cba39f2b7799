package io.tributary.sink.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.sink.content.ContentRow.Key;
import io.tributary.sink.content.RowChange.Stored;
import io.tributary.sink.content.RowChange.Write.Claim;
import io.tributary.sink.content.RowChange.Write.Insert;
import io.tributary.sink.content.RowChange.Write.Mark;
import io.tributary.sink.content.RowChange.Write.Nothing;
import io.tributary.sink.content.RowChange.Write.Rewrite;
import io.tributary.sink.run.Run;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever runs say about items, and however their outputs fall into batches, the rows end up the same; and what they
 * say is what the newest run said last.
 */
class NewestOutputsTest {

    private static final UUID MAIL = new UUID(1, 1);
    private static final int RUNS = 3;

    /** A row of the table, as far as the rules know it. */
    private record Row(String content, boolean deleted, byte[] hash, long sequence) {

        String says() {
            return content + (deleted ? " (deleted)" : "");
        }
    }

    @Test
    void areTheSameHoweverTheyFallIntoBatches() {
        Long given = Long.getLong("tributary.seed"); // as a failure prints it
        long first = given == null ? 0 : given;
        long last = given == null ? 2_000 : given;
        for (long seed = first; seed <= last; seed++) {
            check(seed);
        }
    }

    private static void check(long seed) {
        List<ContentRow> outputs = randomOutputs(new Random(seed));

        Map<Key, String> oneByOne = says(apply(outputs, new Random(seed), 1));

        assertThat(says(apply(outputs, new Random(seed), 7)))
                .as("seed %d", seed)
                .isEqualTo(oneByOne);
        assertThat(says(apply(outputs, new Random(seed), 100)))
                .as("seed %d", seed)
                .isEqualTo(oneByOne);
        oneByOne.forEach((key, says) -> assertThat(says.endsWith("(deleted)"))
                .as("seed %d, item %s: deleted as the newest run said last", seed, key.externalId())
                .isEqualTo(lastWord(outputs, key).deletion()));
    }

    private static List<ContentRow> randomOutputs(Random random) {
        List<ContentRow> outputs = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Run run = run(1 + random.nextInt(RUNS));
            boolean deletion = random.nextInt(4) == 0;
            outputs.add(ContentRow.of(
                    run,
                    Output.newBuilder()
                            .setRunId(run.id())
                            .setTaskId(run.id())
                            .setIndex(i)
                            .setUserIntegrationId(MAIL)
                            .setDomain("imap")
                            .setKind(deletion ? OutputKind.deletion : OutputKind.content)
                            .setExternalId("item " + random.nextInt(5))
                            .setContent(deletion ? null : "content " + random.nextInt(3))
                            .setMetadata("{}")
                            .build()));
        }
        return outputs;
    }

    private static Run run(long sequence) {
        // All runs are still going, so each but the first has an older one beside it.
        return new Run(
                new UUID(2, sequence),
                sequence,
                MAIL,
                "mail",
                "default",
                true,
                Instant.EPOCH,
                -1,
                0,
                false,
                sequence > 1,
                null);
    }

    private static Map<Key, Row> apply(List<ContentRow> outputs, Random random, int largestBatch) {
        Map<Key, Row> table = new HashMap<>();
        for (int from = 0; from < outputs.size(); ) {
            int to = Math.min(outputs.size(), from + 1 + random.nextInt(largestBatch));
            Map<Key, RowChange> changes = new LinkedHashMap<>();
            for (ContentRow row : outputs.subList(from, to)) {
                changes.compute(row.key(), (key, before) -> before == null ? RowChange.of(row) : before.then(row));
            }
            changes.forEach((key, change) -> write(table, key, change));
            from = to;
        }
        return table;
    }

    private static void write(Map<Key, Row> table, Key key, RowChange change) {
        Row row = table.get(key);
        Stored stored = row == null ? null : new Stored(1, row.hash(), row.sequence(), row.deleted());
        switch (change.against(stored)) {
            case Insert insert -> table.put(key, row(insert.row(), insert.run(), insert.deleted()));
            case Rewrite rewrite -> table.put(key, row(rewrite.row(), rewrite.run(), rewrite.deleted()));
            case Mark mark -> table.put(key, marked(row, mark.deleted(), mark.run()));
            case Claim claim -> table.put(key, marked(row, row != null && row.deleted(), claim.run()));
            case Nothing() -> {}
        }
    }

    private static Row row(ContentRow content, Run run, boolean deleted) {
        return new Row(
                content.value(ContentColumn.CONTENT) instanceof byte[] text
                        ? new String(text, StandardCharsets.UTF_8)
                        : "",
                deleted,
                content.deletion() ? new byte[0] : content.hash(),
                run.sequence());
    }

    private static Row marked(@Nullable Row row, boolean deleted, Run run) {
        if (row == null) {
            throw new AssertionError("only a row that is there can be marked");
        }
        return new Row(row.content(), deleted, row.hash(), run.sequence());
    }

    private static ContentRow lastWord(List<ContentRow> outputs, Key key) {
        ContentRow last = null;
        for (ContentRow row : outputs) {
            if (row.key().equals(key)
                    && (last == null || row.run().sequence() >= last.run().sequence())) {
                last = row;
            }
        }
        if (last == null) {
            throw new AssertionError("a row without an output");
        }
        return last;
    }

    private static Map<Key, String> says(Map<Key, Row> table) {
        Map<Key, String> says = new HashMap<>();
        table.forEach((key, row) -> says.put(key, row.says()));
        return says;
    }
}
