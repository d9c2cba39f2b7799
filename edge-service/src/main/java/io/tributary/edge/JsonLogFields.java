package io.tributary.edge;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.tributary.telemetry.LogFields;
import org.springframework.boot.json.JsonWriter;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;

/** Adds the code and the keys of a line to its JSON object. Spring makes it where lines are JSON. */
final class JsonLogFields implements StructuredLoggingJsonMembersCustomizer<ILoggingEvent> {

    @Override
    public void customize(JsonWriter.Members<ILoggingEvent> members) {
        members.add().as(LogFields::of).usingPairs((fields, pair) -> fields.forEach(pair));
    }
}
