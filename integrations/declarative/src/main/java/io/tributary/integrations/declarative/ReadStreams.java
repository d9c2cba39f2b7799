package io.tributary.integrations.declarative;

import io.tributary.expressions.SyntaxException;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.declarative.Definition.Child;
import io.tributary.integrations.declarative.Definition.ForEach;
import io.tributary.integrations.declarative.Definition.Stream;
import io.tributary.integrations.declarative.Definition.SyncPlan;
import io.tributary.integrations.declarative.Pagination.Way;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles the streams, and checks that they fit together. */
final class ReadStreams {

    private final Section root;
    private final ReadRequests requests;
    private final Map<String, SyncPlan> plans;
    private final Map<String, Section> sections;
    private final Set<String> children;
    private final Set<String> listed;

    ReadStreams(Section root, ReadRequests requests, Map<String, SyncPlan> plans) {
        this.root = root;
        this.requests = requests;
        this.plans = plans;
        this.sections = root.named("streams");
        this.children = children(sections);
        this.listed = listed();
    }

    /** The streams that are not read for each record of another. */
    static List<String> independent(Section root) {
        Map<String, Section> sections = root.named("streams");
        Set<String> children = children(sections);
        return sections.keySet().stream()
                .filter(name -> !children.contains(name))
                .toList();
    }

    private static Set<String> children(Map<String, Section> sections) {
        var children = new HashSet<String>();
        sections.values()
                .forEach(stream -> stream.sections("children").forEach(child -> children.add(child.require("stream"))));
        return children;
    }

    /** The streams whose lists name everything, with what is read for their records. */
    private Set<String> listed() {
        var listed = new HashSet<String>();
        plans.values().stream()
                .filter(SyncPlan::listsEverything)
                .forEach(plan -> plan.streams().forEach(name -> addWithChildren(name, listed)));
        return listed;
    }

    private void addWithChildren(String name, Set<String> names) {
        Section stream = sections.get(name);
        if (stream != null && names.add(name)) {
            stream.sections("children").forEach(child -> addWithChildren(child.require("stream"), names));
        }
    }

    Map<String, Stream> read() {
        checkPlans();
        var streams = new LinkedHashMap<String, Stream>();
        sections.forEach((name, section) -> {
            checkChildren(name, section);
            streams.put(name, stream(name, section));
        });
        return streams;
    }

    private void checkPlans() {
        var started = new HashSet<String>();
        Map<String, Section> types = root.named("syncTypes");
        plans.forEach((type, plan) -> plan.streams().forEach(name -> {
            Section section = types.getOrDefault(type, root);
            if (!sections.containsKey(name)) {
                section.report("streams", "there is no stream '" + name + "'; there are " + sections.keySet());
            } else if (children.contains(name)) {
                section.report(
                        "streams", "'" + name + "' is read for each record of another stream: leave it out here");
            } else if (!started.add(name)) {
                section.report(
                        "streams",
                        "'" + name + "' is in two sync types, which would share its state: "
                                + "give one of them a stream of its own");
            }
        }));
        sections.forEach((name, section) -> {
            if (!children.contains(name) && !started.contains(name)) {
                section.report("no sync type starts the stream '" + name + "': name it under syncTypes, or remove it");
            }
        });
        if (!sections.isEmpty()
                && plans.values().stream().allMatch(plan -> plan.streams().isEmpty())) {
            root.report("streams", "each stream is read for each record of another: one has to be read by itself");
        }
    }

    private void checkChildren(String name, Section section) {
        for (Section child : section.sections("children")) {
            String its = child.require("stream");
            Section stream = sections.get(its);
            if (stream == null) {
                child.report("stream", "there is no stream '" + its + "'; there are " + sections.keySet());
            } else if (stream.has("forEach")) {
                child.report(
                        "stream", "'" + its + "' is read for each item of a list: it cannot have a parent as well");
            } else {
                var below = new HashSet<String>();
                addWithChildren(its, below);
                if (below.contains(name)) {
                    child.report("stream", "'" + its + "' leads back to '" + name + "': it would never end");
                }
            }
        }
    }

    private Stream stream(String name, Section section) {
        Incremental incremental = new ReadIncremental(requests).of(section.section("incremental"));
        Pagination pagination = pagination(section.section("pagination"));
        var stream = new Stream(
                name,
                children.contains(name) || section.has("forEach"),
                section.has("forEach") ? forEach(section.section("forEach")) : null,
                requests.request(section.section("request")),
                section.has("records") ? section.expression("records") : whole(),
                new Answers(
                        section.has("format") ? ReadFormat.of(section) : null,
                        section.has("report") ? report(section.section("report")) : null,
                        section.optionalExpression("transform"),
                        section.optionalExpression("filter")),
                section.bool("conditional", false),
                pagination,
                incremental,
                section.has("output") ? output(section.section("output")) : null,
                section.sections("children").stream().map(ReadStreams::child).toList(),
                listed.contains(name));
        checkTogether(section, stream);
        return stream;
    }

    private static Expression whole() {
        try {
            return Expression.compile("$", "records");
        } catch (SyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void checkTogether(Section section, Stream stream) {
        if (stream.output() == null && stream.children().isEmpty()) {
            section.report("the stream has neither output nor children: nothing would come of it");
        }
        if (stream.pagination().how() instanceof Way.Keyset
                && !(stream.incremental() instanceof Incremental.Since
                        || stream.incremental() instanceof Incremental.AfterId)) {
            section.report("pagination", "a keyset goes on from 'since' or 'afterId': add incremental");
        }
        if (stream.listed() && !(stream.incremental() instanceof Incremental.None)) {
            section.report(
                    "incremental", "a list of what is new does not name everything: remove it, or listsEverything");
        }
        if (stream.format() != null) {
            checkFile(section, stream, stream.format());
        }
        if (stream.conditional() && stream.report() != null) {
            section.report("conditional", "each report is another one: remove it");
        }
        if (stream.listed() && stream.conditional()) {
            section.report("conditional", "an unchanged list names nothing: remove it, or listsEverything");
        }
        if (stream.listed() && !stream.isChild() && !stream.request().missing().isEmpty()) {
            section.report(
                    "request", "a list that is missing does not name everything: remove 'missing', or listsEverything");
        }
        if (stream.conditional() && stream.incremental() instanceof Incremental.Windows) {
            section.report("conditional", "each window is another list: remove it");
        }
        if (stream.conditional() && stream.isChild()) {
            section.report("conditional", "it is for streams that are read by themselves");
        }
    }

    private Report report(Section section) {
        Section create = section.section("create");
        Section poll = section.section("poll");
        Duration every = poll.duration("every", Duration.ofSeconds(5));
        if (every.toSeconds() > 60) {
            poll.report("every", "the most is 1m: a task waits for it");
        }
        if (every.toSeconds() < 1) {
            poll.report("every", "the least is 1s");
        }
        return new Report(
                requests.request(create.section("request")),
                create.expression("id"),
                create.has("tooLarge") ? requests.condition(create.section("tooLarge")) : null,
                requests.request(poll.section("request")),
                poll.expression("done"),
                poll.optionalExpression("failed"),
                poll.expressions("with"),
                every,
                poll.duration("deadline", Duration.ofHours(1)));
    }

    private static void checkFile(Section section, Stream stream, Format format) {
        if (section.has("pagination")) {
            section.report("pagination", "a file is one page: remove pagination, or format");
        }
        if (section.has("records") && format.kind() != Format.Kind.JSON) {
            section.report("records", "each line, row or element of the path is a record: remove it");
        }
        if (stream.conditional()) {
            section.report("conditional", "it is not for files: remove it, or format");
        }
        if (stream.incremental() instanceof Incremental.Stored) {
            section.report("incremental", "a file has no cursor: ask by 'since', 'windows' or 'afterId'");
        }
    }

    private static ForEach forEach(Section section) {
        return new ForEach(section.expression("items"), section.expressions("with"));
    }

    private static Child child(Section section) {
        return new Child(
                section.require("stream"),
                section.optionalExpression("when"),
                section.expressions("with"),
                section.bool("always", false));
    }

    private static OutputMapping output(Section section) {
        return new OutputMapping(
                section.optionalExpression("when"),
                switch (section.text("kind").orElse("content")) {
                    case "activity" -> Output.Kind.ACTIVITY;
                    case "deletion" -> Output.Kind.DELETION;
                    default -> Output.Kind.CONTENT;
                },
                section.optionalExpression("deletedWhen"),
                section.expression("id"),
                section.optionalExpression("timestamp"),
                section.optionalExpression("name"),
                section.optionalExpression("content"),
                section.expressions("metadata"),
                section.has("unify") ? ReadUnify.of(section) : null);
    }

    private static Pagination pagination(Section section) {
        String type = section.text("type").orElse("none");
        if (type.equals("none")) {
            return Pagination.NONE;
        }
        int size = section.integer("size", 0);
        @Nullable Expression hasMore = section.optionalExpression("hasMore");
        return new Pagination(
                way(type, section),
                section.text("sizeParameter").orElse(null),
                size,
                section.integer("maxPages", Pagination.MOST_PAGES),
                hasMore,
                section.optionalExpression("stopWhen"),
                section.bool("afterCommit", false));
    }

    private static Way way(String type, Section section) {
        return switch (type) {
            case "page" ->
                new Way.Number(
                        section.require("parameter"), section.integer("first", 1), section.bool("recheck", true));
            case "offset" ->
                new Way.Offset(
                        section.require("parameter"), section.integer("first", 0), section.bool("recheck", true));
            case "cursor" ->
                new Way.Cursor(
                        section.expression("next"), section.text("parameter").orElse(null));
            case "link" -> new Way.Link();
            case "nextUrl" -> new Way.NextUrl(section.expression("next"));
            default -> new Way.Keyset(section.text("parameter").orElse(null), section.integer("first", 1));
        };
    }
}
