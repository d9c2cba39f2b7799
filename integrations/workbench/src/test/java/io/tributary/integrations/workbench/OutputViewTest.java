package io.tributary.integrations.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutputViewTest {

    @Test
    void showsEachComponentOfAnOutput() {
        var output = Output.content("1", "One", "text")
                .at(Instant.parse("2026-05-01T12:00:00Z"))
                .withMetadata(JsonObject.of("size", 4));

        var view = OutputView.of(output);

        assertThat(view.values().keySet())
                .as("a view shows each component of an output, in the order of the record")
                .containsExactlyElementsOf(Arrays.stream(Output.class.getRecordComponents())
                        .map(component -> component.getName())
                        .toList());
        assertThat(view.values())
                .containsEntry("kind", "content")
                .containsEntry("externalTimestamp", "2026-05-01T12:00:00Z")
                .containsEntry("metadata", Map.of("size", 4));
        assertThat(OutputView.of(Output.deletion("1")).has("content")).isFalse();
    }
}
