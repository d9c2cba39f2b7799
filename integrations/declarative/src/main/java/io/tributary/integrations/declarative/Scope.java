package io.tributary.integrations.declarative;

import com.dashjoin.jsonata.Jsonata;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that an expression can use in addition to the value that it is applied to.
 *
 * @param variables by name, without {@code $}; JSON values, and functions of the library's
 */
record Scope(Map<String, @Nullable Object> variables, Clock clock) {

    /** Every name that some expression can use; those that have no value where it stands are undefined there. */
    static final Set<String> NAMES = Set.of(
            "input",
            "effect",
            "config",
            "credentials",
            "state",
            "options",
            "values",
            "apiVersion",
            "parent",
            "report",
            "page",
            "since",
            "until",
            "after",
            "cursor",
            "header",
            "json",
            "hash");

    Scope with(String name, @Nullable Object value) {
        var more = new LinkedHashMap<>(variables);
        more.put(name, value);
        return new Scope(more, clock);
    }

    /** Binds the variables, and the time: the library's own is that of the system. */
    void bindTo(Jsonata.Frame frame) {
        variables.forEach((name, value) -> frame.bind(name, (Object) value));
        frame.bind("now", (Jsonata.Fn0<Object>) () -> clock.instant().toString());
        frame.bind("millis", (Jsonata.Fn0<Object>) clock::millis);
        frame.bind("json", (Jsonata.Fn1<Object, @Nullable Object>) Values::parsed);
        frame.bind("hash", (Jsonata.Fn1<@Nullable Object, Object>) value -> Values.hash(Values.json(value)));
    }
}
