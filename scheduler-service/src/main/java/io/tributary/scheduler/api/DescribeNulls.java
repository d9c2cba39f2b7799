package io.tributary.scheduler.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.Schema;
import io.tributary.scheduler.http.JsonFields;
import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Marks fields as required or nullable in the description of the API, by the annotations of the records: a response
 * always has its fields, unless it leaves out null ones; a request without any required field may leave out all of
 * them.
 */
@Component
class DescribeNulls implements ModelConverter {

    private static final String OURS = "io.tributary";

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public @Nullable Schema resolve(AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        if (!chain.hasNext()) {
            return null;
        }
        Schema<?> resolved = chain.next().resolve(type, context, chain);
        Class<?> raw = Json.mapper().constructType(type.getType()).getRawClass();
        if (resolved != null && raw.isRecord() && raw.getName().startsWith(OURS)) {
            Schema<?> model = model(resolved, context.getDefinedModels());
            if (model != null && model.getProperties() != null) {
                describe(model, JsonFields.of(raw).toList());
            }
        }
        return resolved;
    }

    @SuppressWarnings("rawtypes")
    private static @Nullable Schema<?> model(Schema<?> resolved, Map<String, Schema> models) {
        String ref = resolved.get$ref();
        return ref == null ? resolved : models.get(ref.substring(ref.lastIndexOf('/') + 1));
    }

    private static void describe(Schema<?> model, List<RecordComponent> components) {
        boolean optional = components.stream().allMatch(DescribeNulls::isNullable);
        for (RecordComponent component : components) {
            Schema<?> property = model.getProperties().get(component.getName());
            if (property == null) {
                continue; // not part of the JSON
            }
            boolean leftOut = component.getAccessor().isAnnotationPresent(JsonInclude.class);
            if (isNullable(component) && (!leftOut || optional)) {
                model.getProperties().put(component.getName(), orNull(property));
            }
            if (!optional && !leftOut && !required(model).contains(component.getName())) {
                model.addRequiredItem(component.getName());
            }
        }
    }

    private static List<String> required(Schema<?> model) {
        return model.getRequired() == null ? List.of() : model.getRequired();
    }

    private static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static Schema<?> orNull(Schema<?> property) {
        var nothing = new Schema<>().types(Set.of("null"));
        if (property.get$ref() != null) {
            return new Schema<>().anyOf(List.of(property, nothing));
        }
        Set<String> types = property.getTypes();
        if (types != null && !types.contains("null")) {
            var orNull = new LinkedHashSet<>(types);
            orNull.add("null");
            property.setTypes(orNull);
        }
        return property;
    }
}
