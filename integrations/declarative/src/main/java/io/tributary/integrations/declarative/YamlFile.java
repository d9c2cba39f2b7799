package io.tributary.integrations.declarative;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML file as JSON values, which remembers where each stood. Read by {@link #read}; places are JSON pointers. */
final class YamlFile {

    /** More than any description has: aliases of aliases can name a value more often than memory holds. */
    private static final int MOST_VALUES = 20_000;

    private static final int MOST_CHARACTERS = 1 << 20;

    private final String name;
    private final Map<String, Mark> keys = new HashMap<>();
    private final Map<String, Mark> values = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private Map<String, @Nullable Object> root = Map.of();
    private int count;

    private YamlFile(String name) {
        this.name = name;
    }

    /**
     * Reads a file.
     *
     * @param name as problems are to call it
     * @throws InvalidFileException when it is no YAML, or not one mapping
     */
    static YamlFile read(String name, String text) throws InvalidFileException {
        var file = new YamlFile(name);
        file.compose(text);
        file.throwProblems();
        return file;
    }

    private void compose(String text) {
        try {
            var settings = LoadSettings.builder()
                    .setLabel(name)
                    .setCodePointLimit(MOST_CHARACTERS)
                    .build();
            Optional<Node> node = new Compose(settings).composeString(text);
            if (node.isPresent() && node.get() instanceof MappingNode mapping && !mapping.isRecursive()) {
                mapping.getStartMark().ifPresent(mark -> values.put("", mark));
                root = mapping(mapping, "");
            } else {
                problems.add(new Problem(1, 1, "this is no mapping: begin with 'domain: ...'"));
            }
        } catch (MarkedYamlEngineException e) {
            // At the end of the file, what was not closed is more to the point than the end.
            boolean unclosed = String.valueOf(e.getProblem()).contains("end of stream");
            Optional<Mark> mark = unclosed ? e.getContextMark() : e.getProblemMark();
            problems.add(problem(mark.or(e::getProblemMark).orElse(null), "this is not YAML: " + e.getProblem()));
        } catch (YamlEngineException e) {
            problems.add(new Problem(1, 1, "this is not YAML: " + e.getMessage()));
        }
    }

    private @Nullable Object value(Node node, String pointer) {
        node.getStartMark().ifPresent(mark -> values.putIfAbsent(pointer, mark));
        if (++count > MOST_VALUES) {
            throw new YamlEngineException("it has more than " + MOST_VALUES + " values");
        }
        if (node.isRecursive()) {
            throw new YamlEngineException("it has an alias that contains itself");
        }
        return switch (node) {
            case MappingNode mapping -> mapping(mapping, pointer);
            case SequenceNode sequence -> {
                var list = new ArrayList<@Nullable Object>();
                for (Node item : sequence.getValue()) {
                    list.add(value(item, pointer + "/" + list.size()));
                }
                yield list;
            }
            case ScalarNode scalar -> scalar(scalar, pointer);
            default -> throw new YamlEngineException("it has a value that JSON does not have");
        };
    }

    private Map<String, @Nullable Object> mapping(MappingNode mapping, String pointer) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (NodeTuple entry : mapping.getValue()) {
            Mark mark = entry.getKeyNode().getStartMark().orElse(null);
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                problems.add(problem(mark, "a key is a text"));
                continue;
            }
            String its = pointer + "/" + escaped(key.getValue());
            if (map.containsKey(key.getValue())) {
                problems.add(problem(mark, "'" + key.getValue() + "' is here twice: remove one"));
            }
            if (mark != null) {
                keys.putIfAbsent(its, mark);
            }
            map.put(key.getValue(), value(entry.getValueNode(), its));
        }
        return map;
    }

    private @Nullable Object scalar(ScalarNode scalar, String pointer) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL)) {
            return Boolean.valueOf(text);
        }
        try {
            if (tag.equals(Tag.INT)) {
                return whole(new BigInteger(text));
            }
            if (tag.equals(Tag.FLOAT)) {
                return Double.valueOf(text);
            }
        } catch (NumberFormatException e) {
            problems.add(problem(values.get(pointer), "'" + text + "' is no number of JSON: write it in quotes"));
        }
        return text;
    }

    private static Number whole(BigInteger number) {
        return number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
    }

    /** A key as a part of a pointer (RFC 6901). */
    static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    Map<String, @Nullable Object> root() {
        return root;
    }

    /** Notes what is wrong with a value. */
    void report(String pointer, String message) {
        problems.add(problem(nearest(values, pointer), message));
    }

    /** Reports a mistake at a character of a value that is a text on one line; at the beginning of other values. */
    void report(String pointer, int character, String message) {
        Mark mark = nearest(values, pointer);
        int line = line(pointer);
        boolean plain = mark != null && isOnOneLine(mark);
        int quote = mark != null && "'\"".indexOf(mark.getBuffer()[mark.getPointer()]) >= 0 ? 1 : 0;
        problems.add(new Problem(line, column(mark) + (plain ? quote + Math.max(character, 0) : 0), message));
    }

    /** Notes what is wrong with a key. */
    void reportKey(String pointer, String message) {
        problems.add(problem(keys.getOrDefault(pointer, nearest(values, pointer)), message));
    }

    private static boolean isOnOneLine(Mark mark) {
        return "|>".indexOf(mark.getBuffer()[mark.getPointer()]) < 0;
    }

    /** The line of a value, from 1. */
    int line(String pointer) {
        Mark mark = nearest(values, pointer);
        return mark == null ? 1 : mark.getLine() + 1;
    }

    /** @throws InvalidFileException when something was noted */
    void throwProblems() throws InvalidFileException {
        if (!problems.isEmpty()) {
            throw new InvalidFileException(name, problems);
        }
    }

    /** Of a value that is missing, the place of what it would be in. */
    private static @Nullable Mark nearest(Map<String, Mark> marks, String pointer) {
        for (String at = pointer; ; at = at.substring(0, at.lastIndexOf('/'))) {
            Mark mark = marks.get(at);
            if (mark != null || at.isEmpty()) {
                return mark;
            }
        }
    }

    private static Problem problem(@Nullable Mark mark, String message) {
        return new Problem(mark == null ? 1 : mark.getLine() + 1, column(mark), message);
    }

    private static int column(@Nullable Mark mark) {
        return mark == null ? 1 : mark.getColumn() + 1;
    }
}
