package io.tributary.integrations.declarative;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a record becomes. All expressions are applied to the record.
 *
 * @param when whether it becomes anything; null: always
 * @param kind unless {@code deletedWhen} holds
 * @param metadata by key; what has no value is left out
 */
record OutputMapping(
        @Nullable Expression when,
        Output.Kind kind,
        @Nullable Expression deletedWhen,
        Expression id,
        @Nullable Expression timestamp,
        @Nullable Expression name,
        @Nullable Expression content,
        Map<String, Expression> metadata) {

    private static final int LONGEST_ID = 1024;

    /** The external id of a record. */
    String externalId(@Nullable Object item, Scope scope) throws ExpressionFailure {
        String value = id.text(item, scope);
        if (value == null || value.isEmpty() || value.length() > LONGEST_ID) {
            throw id.failed("a record has no id of 1 to " + LONGEST_ID + " characters");
        }
        return value;
    }

    /** Null when it becomes nothing. */
    @Nullable
    Output of(String externalId, @Nullable Object item, Scope scope) throws ExpressionFailure {
        if (when != null && !when.holds(item, scope)) {
            return null;
        }
        if (deletedWhen != null && deletedWhen.holds(item, scope)) {
            return Output.deletion(externalId);
        }
        String its = name == null ? null : name.text(item, scope);
        return Output.of(kind, externalId, its == null ? "" : its, content == null ? null : content.text(item, scope))
                .at(time(item, scope))
                .withMetadata(metadata(item, scope));
    }

    private @Nullable Instant time(@Nullable Object item, Scope scope) throws ExpressionFailure {
        Object value = timestamp == null ? null : timestamp.of(item, scope);
        if (timestamp == null || Values.isNoTime(value)) {
            return null;
        }
        return Values.time(value).orElseThrow(() -> timestamp.failed("its result is no time"));
    }

    private JsonObject metadata(@Nullable Object item, Scope scope) throws ExpressionFailure {
        var values = new LinkedHashMap<String, @Nullable Object>();
        for (var entry : metadata.entrySet()) {
            Object value = entry.getValue().of(item, scope);
            if (value != null) {
                values.put(entry.getKey(), value);
            }
        }
        return new JsonObject(values);
    }
}
