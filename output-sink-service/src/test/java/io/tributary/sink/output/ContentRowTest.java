package io.tributary.sink.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import java.time.Duration;
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
            new UUID(2, 1),
            1,
            new UserIntegration(
                    new UUID(1, 1), "active", new Schedule(Duration.ofMinutes(15), null, "UTC", null, false)),
            "default",
            false,
            Instant.EPOCH,
            "manual",
            -1,
            0,
            false,
            false);

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
                        .externalTimestamp())
                .isNull();
        assertThat(row(output -> output.setExternalTimestamp(Instant.ofEpochMilli(Long.MIN_VALUE)))
                        .externalTimestamp())
                .isNull();
    }

    private static ContentRow row(Consumer<Output.Builder> change) {
        var output = Output.newBuilder()
                .setRunId(RUN.id())
                .setTaskId(new UUID(3, 1))
                .setIndex(5)
                .setUserIntegrationId(RUN.userIntegration().id())
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
