package io.tributary.integrations.declarative;

import io.tributary.expressions.SyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of a file whose shape has been checked, read key by key. What cannot be compiled is noted, and stands as a
 * {@link #BROKEN} expression until all of the file has been read.
 */
record Section(YamlFile file, String pointer, Map<?, ?> values) {

    private static final Expression BROKEN = broken();

    static Section root(YamlFile file) {
        return new Section(file, "", file.root());
    }

    private static Expression broken() {
        try {
            return Expression.compile("null", "a broken expression");
        } catch (SyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Notes what is wrong with the value of a key. */
    void report(String key, String message) {
        file.report(at(key), message);
    }

    /** Notes what is wrong with this section. */
    void report(String message) {
        file.reportKey(pointer, message);
    }

    private String at(String key) {
        return pointer + "/" + YamlFile.escaped(key);
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    Section section(String key) {
        return values.get(key) instanceof Map<?, ?> map
                ? new Section(file, at(key), map)
                : new Section(file, pointer, Map.of());
    }

    /** The mappings of a list, or the one in its place. */
    List<Section> sections(String key) {
        Object value = values.get(key);
        if (value instanceof Map<?, ?>) {
            return List.of(section(key));
        }
        var sections = new ArrayList<Section>();
        List<?> list = Values.list(value);
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof Map<?, ?> map) {
                sections.add(new Section(file, at(key) + "/" + i, map));
            }
        }
        return sections;
    }

    /** The mappings in a mapping, in the order of the file. */
    Map<String, Section> named(String key) {
        Section all = section(key);
        var named = new LinkedHashMap<String, Section>();
        all.values.keySet().forEach(name -> named.put(String.valueOf(name), all.section(String.valueOf(name))));
        return named;
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key)).map(Values::text);
    }

    /** A text whose presence has been checked. */
    String require(String key) {
        return text(key).orElse("");
    }

    int integer(String key, int otherwise) {
        return values.get(key) instanceof Number number ? number.intValue() : otherwise;
    }

    double decimal(String key, double otherwise) {
        return values.get(key) instanceof Number number ? number.doubleValue() : otherwise;
    }

    boolean bool(String key, boolean otherwise) {
        return values.get(key) instanceof Boolean bool ? bool : otherwise;
    }

    List<String> texts(String key) {
        return Values.list(values.get(key)).stream().map(Values::text).toList();
    }

    Map<String, String> textMap(String key) {
        var texts = new LinkedHashMap<String, String>();
        section(key).values.forEach((name, value) -> texts.put(String.valueOf(name), String.valueOf(value)));
        return texts;
    }

    @Nullable
    Object raw(String key) {
        return values.get(key);
    }

    /** Such as {@code 500ms}, {@code 30s}, {@code 15m}, {@code 6h} or {@code 1d}. */
    Duration duration(String key, Duration otherwise) {
        return text(key).map(Section::duration).orElse(otherwise);
    }

    private static Duration duration(String text) {
        int unit = text.replaceAll("\\D+$", "").length();
        long number = Long.parseLong(text.substring(0, unit));
        return switch (text.substring(unit)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    Expression expression(String key) {
        return text(key)
                .map(text -> compiled(key, () -> Expression.compile(text, where(key)), BROKEN))
                .orElse(BROKEN);
    }

    @Nullable
    Expression optionalExpression(String key) {
        return has(key) ? expression(key) : null;
    }

    /** A mapping of expressions. */
    Map<String, Expression> expressions(String key) {
        Section its = section(key);
        var expressions = new LinkedHashMap<String, Expression>();
        its.values
                .keySet()
                .forEach(name -> expressions.put(String.valueOf(name), its.expression(String.valueOf(name))));
        return expressions;
    }

    Template.Mixed mixed(String key) {
        return compiled(key, () -> Template.compileMixed(require(key), where(key)), new Template.Mixed(List.of()));
    }

    /** A mapping of templates. */
    Template.Fields fields(String key) {
        return has(key) ? (Template.Fields) template(key) : Template.Fields.NONE;
    }

    Template template(String key) {
        return switch (values.get(key)) {
            case String text -> compiled(key, () -> Template.compile(text, where(key)), new Template.Constant(text));
            case Map<?, ?> map -> {
                Section its = section(key);
                var fields = new LinkedHashMap<String, Template>();
                map.keySet().forEach(name -> fields.put(String.valueOf(name), its.template(String.valueOf(name))));
                yield new Template.Fields(fields);
            }
            case List<?> list -> {
                var its = new Section(file, at(key), numbered(list));
                yield new Template.Items(its.values.keySet().stream()
                        .map(index -> its.template(String.valueOf(index)))
                        .toList());
            }
            case null -> new Template.Constant(null);
            default -> new Template.Constant(values.get(key));
        };
    }

    private static Map<String, @Nullable Object> numbered(List<?> list) {
        var numbered = new LinkedHashMap<String, @Nullable Object>();
        list.forEach(item -> numbered.put(String.valueOf(numbered.size()), item));
        return numbered;
    }

    private interface Compilation<T> {
        T compile() throws SyntaxException;
    }

    private <T> T compiled(String key, Compilation<T> compilation, T otherwise) {
        try {
            return compilation.compile();
        } catch (SyntaxException e) {
            file.report(at(key), e.character(), e.reason());
            return otherwise;
        }
    }

    private String where(String key) {
        return at(key).substring(1).replace('/', '.') + " (line " + file.line(at(key)) + ")";
    }
}
