package io.tributary.scheduler.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Stream;

/** The fields of the JSON of a record. */
public final class JsonFields {

    private JsonFields() {}

    /** Its components; in place of one that is unwrapped, the components of that. */
    public static Stream<RecordComponent> of(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .flatMap(component -> component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                        ? of(component.getType())
                        : Stream.of(component));
    }
}
