package io.tributary.integrations.workbench;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Unified;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows an output by the components of its record, so that no report misses one that is added. */
public final class OutputView {

    private OutputView() {}

    /** All components by name, in their order; null where the output has none. */
    public static JsonObject of(Output output) {
        var all = new LinkedHashMap<String, @Nullable Object>();
        for (RecordComponent component : Output.class.getRecordComponents()) {
            all.put(component.getName(), json(valueOf(component, output)));
        }
        return new JsonObject(all);
    }

    private static @Nullable Object valueOf(RecordComponent component, Output output) {
        try {
            return component.getAccessor().invoke(output);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("an output does not tell its " + component.getName(), e);
        }
    }

    private static @Nullable Object json(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case JsonObject _, Number _, Boolean _ -> value;
            case Unified unified -> unified.toJson();
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
            default -> value.toString();
        };
    }
}
