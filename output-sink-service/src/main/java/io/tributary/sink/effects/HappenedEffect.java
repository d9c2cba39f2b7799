package io.tributary.sink.effects;

import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.sink.postgres.StorableJson;
import io.tributary.sink.postgres.StorableText;
import io.tributary.sink.run.Run;
import io.tributary.sink.run.RunRecord.Item;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The effect that an output reports; Postgres can hold every value.
 *
 * @param run the run of the output
 * @param action empty: unknown
 * @param providerId the provider's own id of the effect; null: none
 * @param result JSON object as text
 * @param at when the worker reported it
 */
public record HappenedEffect(
        Run run,
        String key,
        String action,
        UUID taskId,
        @Nullable String providerId,
        String result,
        Instant at) {

    /** Empty if the output is no effect. */
    public static Optional<HappenedEffect> of(Run run, Item item) {
        Output output = item.output();
        String key = output.getExternalId();
        if (output.getKind() != OutputKind.effect || key == null) {
            return Optional.empty();
        }
        String providerId = StorableText.of(output.getName());
        return Optional.of(new HappenedEffect(
                run,
                StorableText.of(key),
                output.getContent() == null ? "" : StorableText.of(output.getContent()),
                output.getTaskId(),
                providerId.isEmpty() ? null : providerId,
                StorableJson.object(output.getMetadata()),
                item.sentAt()));
    }
}
