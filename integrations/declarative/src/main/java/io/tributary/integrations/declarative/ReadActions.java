package io.tributary.integrations.declarative;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import io.tributary.integrations.api.Action;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.declarative.ActionPlan.Lookup;
import io.tributary.integrations.declarative.ActionPlan.Result;
import io.tributary.integrations.declarative.Definition.Request;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Compiles the actions of a file. */
record ReadActions(Section root, ReadRequests requests) {

    private static final int USUAL_PRIORITY = 2;
    private static final Duration LONGEST_AFTER = Duration.ofMinutes(1);

    /** @param others the names of the other task types */
    Map<String, ActionPlan> read(Set<String> others) {
        var actions = new LinkedHashMap<String, ActionPlan>();
        root.named("actions").forEach((name, section) -> {
            if (others.contains(name)) {
                section.report("a stream or sync type has the name '" + name + "' too: name one of them differently");
            }
            actions.put(name, action(name, section));
        });
        return actions;
    }

    private ActionPlan action(String name, Section section) {
        JsonObject schema = JsonObject.of("type", "object").patchedWith(Values.object(section.raw("inputSchema")));
        Result result = result(section.section("result"));
        return new ActionPlan(
                new Action(name, schema.toJson(), section.integer("priority", USUAL_PRIORITY), repeat(section)),
                compiled(schema, section),
                requests.request(section.section("request")),
                result,
                section.has("lookup") ? lookup(section.section("lookup"), result) : null);
    }

    private static Action.Repeat repeat(Section section) {
        String repeat = section.text("repeat").orElse(section.has("lookup") ? "lookup" : "ask");
        if (repeat.equals("lookup") != section.has("lookup")) {
            section.report("lookup and 'repeat: lookup' need each other");
        }
        return switch (repeat) {
            case "key" -> Action.Repeat.KEY;
            case "lookup" -> Action.Repeat.LOOK_UP;
            case "repeat" -> Action.Repeat.REPEAT;
            default -> Action.Repeat.ASK;
        };
    }

    private static Schema compiled(JsonObject schema, Section section) {
        try {
            Schema compiled = CheckShape.registry().getSchema(schema.toJson(), InputFormat.JSON);
            compiled.initializeValidators();
            return compiled;
        } catch (SchemaException | IllegalArgumentException e) {
            section.report("inputSchema", "this is no JSON Schema: " + e.getMessage());
            return CheckShape.registry().getSchema("{}", InputFormat.JSON);
        }
    }

    private static Result result(Section section) {
        return new Result(section.optionalExpression("providerId"), section.expressions("data"));
    }

    private Lookup lookup(Section section, Result usual) {
        Duration after = section.duration("after", Duration.ZERO);
        if (after.compareTo(LONGEST_AFTER) > 0) {
            section.report("after", "the most is 1m: a task waits for it");
        }
        Request request = requests.request(section.section("request"));
        if (!section.has("complete") && request.missing().isEmpty()) {
            section.report("add 'complete', or 'missing' to the request: without them nothing says that there was no"
                    + " effect");
        }
        return new Lookup(
                request,
                section.expression("found"),
                section.optionalExpression("complete"),
                section.has("result") ? result(section.section("result")) : usual,
                after);
    }
}
