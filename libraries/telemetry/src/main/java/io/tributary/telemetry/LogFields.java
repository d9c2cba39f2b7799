package io.tributary.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a log line for a format with fields, such as JSON: its code as {@code event.code}, and each
 * {@code key={}} of its message. The ids of the context are fields of the format already, and are left out.
 */
public final class LogFields {

    /** Where the code goes: Elastic Common Schema has {@code code} below {@code event}. */
    private static final String EVENT = "event";

    private static final String CODE = "code";

    /** Where keys go whose names are objects in Elastic Common Schema: a text there would make a line unreadable. */
    private static final String LABELS = "labels";

    private static final Set<String> OBJECTS = Set.of(
            "agent",
            "client",
            "cloud",
            "container",
            "destination",
            "device",
            "dns",
            "ecs",
            "email",
            "error",
            "event",
            "file",
            "group",
            "host",
            "http",
            "labels",
            "log",
            "message",
            "network",
            "organization",
            "package",
            "process",
            "registry",
            "rule",
            "server",
            "service",
            "source",
            "span",
            "tags",
            "threat",
            "trace",
            "transaction",
            "url",
            "user");

    /** Messages are constants of the code; others are parsed each time. */
    private static final int MOST_REMEMBERED = 2_000;

    private static final Pattern CODE_FIRST =
            Pattern.compile("([a-z][A-Za-z0-9-]*(?:\\.[A-Za-z0-9-]+)+): .*", Pattern.DOTALL);
    private static final Pattern PLACE = Pattern.compile("(?:\\b([A-Za-z][A-Za-z0-9]*)=)?\\{}");

    private static final Map<String, Form> FORMS = new ConcurrentHashMap<>();

    private LogFields() {}

    /**
     * What a message is made of.
     *
     * @param code null: it does not begin with one
     * @param keys name of each place, in their order; null: the place has none
     */
    private record Form(@Nullable String code, @Nullable String[] keys) {

        static Form of(String message) {
            Matcher code = CODE_FIRST.matcher(message);
            return new Form(
                    code.matches() ? code.group(1) : null,
                    PLACE.matcher(message)
                            .results()
                            .map(place -> place.group(1))
                            .toArray(String[]::new));
        }
    }

    /** The fields of a line of this project; none for a line of another. */
    public static Map<String, Object> of(ILoggingEvent line) {
        String message = line.getMessage();
        if (message == null || !line.getLoggerName().startsWith("io.tributary.")) {
            return Map.of();
        }
        Form form = formOf(message);
        var fields = new LinkedHashMap<String, Object>();
        var labels = new LinkedHashMap<String, Object>();
        if (form.code() != null) {
            fields.put(EVENT, Map.of(CODE, form.code()));
        }
        Object[] arguments = line.getArgumentArray();
        Map<String, String> context = line.getMDCPropertyMap();
        for (int i = 0; arguments != null && i < form.keys().length && i < arguments.length; i++) {
            String key = form.keys()[i];
            Object value = arguments[i];
            if (key != null && value != null && !context.containsKey(key)) {
                Object readable = value instanceof Number || value instanceof Boolean ? value : value.toString();
                (OBJECTS.contains(key) ? labels : fields).putIfAbsent(key, readable);
            }
        }
        if (!labels.isEmpty()) {
            fields.put(LABELS, labels);
        }
        return fields;
    }

    private static Form formOf(String message) {
        Form known = FORMS.get(message);
        if (known == null) {
            known = Form.of(message);
            if (FORMS.size() < MOST_REMEMBERED) {
                FORMS.put(message, known);
            }
        }
        return known;
    }
}
