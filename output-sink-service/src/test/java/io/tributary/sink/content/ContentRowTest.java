package io.tributary.sink.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.sink.run.Run;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ContentRowTest {

    private static final Run RUN = new Run(
            new UUID(2, 1), 1, new UUID(1, 1), "hello", "default", true, Instant.EPOCH, -1, 0, false, false, null);

    @Test
    void hashesAllThatTheRowSaysAboutTheItem() {
        List<Consumer<Output.Builder>> changes = List.of(
                output -> {},
                output -> output.setName("n"),
                output -> output.setContent("n"),
                output -> output.setContent(""),
                output -> output.setContent(null),
                output -> output.setContentRef("n"),
                output -> output.setMetadata("{\"n\":1}"),
                output -> output.setKind(OutputKind.activity),
                output -> output.setExternalTimestamp(Instant.EPOCH),
                output -> output.setExternalTimestamp(Instant.ofEpochMilli(1)));

        Set<String> hashes = new HashSet<>();
        for (var change : changes) {
            hashes.add(HexFormat.of().formatHex(row(change).hash()));
        }

        assertThat(hashes).hasSize(changes.size());
    }

    /** Rows of earlier versions must not be written again, for nothing. */
    @Test
    void hashesAsEarlierVersionsDid() {
        assertThat(HexFormat.of().formatHex(row(output -> {}).hash())).isEqualTo("297b96d215091cb8359a29252bef9e14");
        assertThat(HexFormat.of()
                        .formatHex(row(output -> output.setContent(null)
                                        .setContentRef("ref")
                                        .setExternalTimestamp(Instant.ofEpochMilli(5)))
                                .hash()))
                .isEqualTo("cc39d4ed59137e5d0a15ce21c29b9447");
    }

    @Test
    void hashesNothingElse() {
        assertThat(row(output -> output.setExternalId("other").setIndex(9).setCode(404))
                        .hash())
                .isEqualTo(row(output -> {}).hash());
    }

    @Test
    void tellsFieldsApartThatRunTogether() {
        assertThat(row(output -> output.setName("ab").setContent("c")).hash())
                .isNotEqualTo(
                        row(output -> output.setName("a").setContent("bc")).hash());
    }

    @Test
    void knowsAnOutputWithoutAnExternalIdByTaskAndIndex() {
        assertThat(row(output -> output.setExternalId(null)).externalId()).isEqualTo(new UUID(3, 1) + ":5");
    }

    @Test
    void keepsNoTimeThatPostgresCannotHold() {
        assertThat(row(output -> output.setExternalTimestamp(Instant.ofEpochMilli(Long.MAX_VALUE)))
                        .value(ContentColumn.EXTERNAL_TIMESTAMP))
                .isNull();
        assertThat(row(output -> output.setExternalTimestamp(Instant.ofEpochMilli(Long.MIN_VALUE)))
                        .value(ContentColumn.EXTERNAL_TIMESTAMP))
                .isNull();
    }

    private static ContentRow row(Consumer<Output.Builder> change) {
        var output = Output.newBuilder()
                .setRunId(RUN.id())
                .setTaskId(new UUID(3, 1))
                .setIndex(5)
                .setUserIntegrationId(RUN.userIntegrationId())
                .setDomain("imap")
                .setKind(OutputKind.content)
                .setExternalId("1")
                .setName("a message")
                .setContent("hello")
                .setMetadata("{}");
        change.accept(output);
        return ContentRow.of(RUN, output.build());
    }
}
