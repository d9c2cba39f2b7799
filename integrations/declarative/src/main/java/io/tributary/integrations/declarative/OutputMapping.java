package io.tributary.integrations.declarative;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a record becomes. All expressions are applied to the record.
 *
 * @param when whether it becomes anything; null: always
 * @param kind unless {@code deletedWhen} holds
 * @param content null: none, or the record as JSON where it is unified
 * @param metadata by key; what has no value is left out
 * @param unify null: the record is not unified
 */
record OutputMapping(
        @Nullable Expression when,
        Output.Kind kind,
        @Nullable Expression deletedWhen,
        Expression id,
        @Nullable Expression timestamp,
        @Nullable Expression name,
        @Nullable Expression content,
        Map<String, Expression> metadata,
        @Nullable Unify unify) {

    private static final int LONGEST_ID = 1024;

    /** The external id of a record. */
    String externalId(@Nullable Object item, Scope scope) throws ExpressionFailure {
        String value = id.text(item, scope);
        if (value == null || value.isEmpty() || value.length() > LONGEST_ID) {
            throw id.failed("a record has no id of 1 to " + LONGEST_ID + " characters");
        }
        return value;
    }

    /** The item first, then its figures; nothing when it becomes nothing. */
    List<Output> of(String externalId, @Nullable Object item, Scope scope) throws ExpressionFailure {
        if (when != null && !when.holds(item, scope)) {
            return List.of();
        }
        if (deletedWhen != null && deletedWhen.holds(item, scope)) {
            return List.of(Output.deletion(externalId));
        }
        String its = name == null ? null : name.text(item, scope);
        Output output = Output.of(
                        unify instanceof Unify.Activity activity ? activity.kind() : kind,
                        externalId,
                        its == null ? "" : its,
                        content(item, scope))
                .at(timestamp == null ? null : time(timestamp, item, scope))
                .withMetadata(metadata(item, scope));
        return switch (unify) {
            case null -> List.of(output);
            case Unify.Activity activity -> List.of(output.withUnified(activity.of(item, scope)));
            case Unify.Metrics metrics -> {
                var all = new ArrayList<>(List.of(output));
                all.addAll(metrics.of(item, output.externalTimestamp(), scope));
                yield all;
            }
        };
    }

    private @Nullable String content(@Nullable Object item, Scope scope) throws ExpressionFailure {
        if (content != null) {
            return content.text(item, scope);
        }
        return unify == null ? null : Values.json(item);
    }

    static @Nullable Instant time(Expression expression, @Nullable Object item, Scope scope) throws ExpressionFailure {
        Object value = expression.of(item, scope);
        if (Values.isNoTime(value)) {
            return null;
        }
        return Values.time(value).orElseThrow(() -> expression.failed("its result is no time"));
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
