package io.tributary.integrations.declarative;

import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.declarative.ActionPlan.Lookup;
import io.tributary.integrations.declarative.ActionPlan.Result;
import io.tributary.integrations.declarative.ProviderAnswer.Meaning;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Performs an action of a file, or looks for its effect. Failures other than an uncertain
 * {@link TaskFailure.Transient} say that there was no effect. So whatever goes wrong with the answer of a request that
 * may have had one is uncertain, and a result that cannot be read does not make the effect a failure.
 *
 * @param provider for {@link #run} one that takes any body of an answer ({@link Provider#ofAction}), for
 *     {@link #lookUp} one that takes JSON alone
 */
record PerformAction(Provider provider, ActionPlan plan, TaskContext context) {

    /** Most bytes that are kept of a result, as JSON. */
    private static final int MOST_RESULT_BYTES = 16 * 1024;

    private static final int MOST_ID_BYTES = 1024;

    TaskResult run(Task task) throws TaskFailure, InterruptedException {
        Scope scope = scope(task.payload());
        HttpRequest request;
        try {
            request = provider.request(plan.request(), scope);
        } catch (ExpressionFailure e) {
            throw new TaskFailure.Permanent(provider.domain() + ".expressionFailed", e.reason(), e);
        }
        ProviderAnswer answer = sent(request, plan.request(), scope);
        return effect(plan.result(), answer.body(), answer.in(scope));
    }

    Optional<TaskResult> lookUp(Task task) throws TaskFailure, InterruptedException {
        Lookup lookup = plan.lookup();
        if (lookup == null) {
            return Optional.empty();
        }
        Scope scope = scope(task.payload());
        TimeUnit.MILLISECONDS.sleep(lookup.after().toMillis());
        try {
            ProviderAnswer answer = lookedUp(lookup.request(), scope);
            Scope its = answer.in(scope);
            Object found = answer.meaning() == Meaning.RECORDS ? lookup.found().of(answer.body(), its) : null;
            if (found != null && !List.of().equals(found)) {
                return Optional.of(effect(lookup.result(), found, its));
            }
            if (!lookup.provesAbsence(answer, its)) {
                throw uncertain(
                        "The look-up did not find the effect, and its answer does not prove that there is none.", null);
            }
            return Optional.empty();
        } catch (ExpressionFailure e) {
            throw uncertain(e.reason(), e);
        }
    }

    /** A refusal of the look-up says nothing of the effect. */
    private ProviderAnswer lookedUp(Definition.Request lookup, Scope scope)
            throws TaskFailure, ExpressionFailure, InterruptedException {
        try {
            return provider.send(provider.request(lookup, scope), lookup, null, scope);
        } catch (TaskFailure.Permanent | TaskFailure.Misconfigured e) {
            throw new TaskFailure.Transient(e.code(), e.reason(), e);
        }
    }

    private Scope scope(JsonObject input) throws TaskFailure.Permanent {
        Optional<String> problem = plan.problem(input);
        if (problem.isPresent()) {
            throw new TaskFailure.Permanent(
                    provider.domain() + ".invalidInput",
                    "The input of the action " + plan.action().name() + " is not as its schema says: " + problem.get()
                            + ".",
                    null);
        }
        Effect effect = Effect.of(context);
        return provider.scope()
                .with("credentials", provider.credentials())
                .with("input", input.values())
                .with(
                        "effect",
                        JsonObject.of("key", effect.key())
                                .with("mayHaveHappened", effect.mayHaveHappened())
                                .values());
    }

    private ProviderAnswer sent(HttpRequest to, Definition.Request request, Scope scope)
            throws TaskFailure, InterruptedException {
        try {
            return provider.send(to, request, null, scope);
        } catch (ExpressionFailure e) {
            throw uncertain(e.reason(), e);
        } catch (TaskFailure.Permanent e) {
            if (e.code().endsWith(".answerTooLarge")) {
                throw uncertain(e.reason(), e);
            }
            throw e;
        }
    }

    private TaskFailure.Transient uncertain(String reason, @Nullable Exception cause) {
        return new TaskFailure.Transient(provider.domain() + ".answerUnreadable", reason, cause);
    }

    /** The effect with each part of the result that can be read and that fits. */
    private TaskResult effect(Result result, @Nullable Object value, Scope scope) {
        Object id = result.providerId() == null ? null : part("providerId", result.providerId(), value, scope);
        var data = new LinkedHashMap<String, @Nullable Object>();
        int bytes = 0;
        for (var each : result.data().entrySet()) {
            Object its = part(each.getKey(), each.getValue(), value, scope);
            int more = its == null ? 0 : JsonObject.of(each.getKey(), its).jsonBytes();
            if (its != null && bytes + more <= MOST_RESULT_BYTES) {
                bytes += more;
                data.put(each.getKey(), its);
            }
        }
        String name = id == null ? "" : Values.text(id);
        return TaskResult.ofOutputs(List.of(Output.effect(
                Effect.of(context),
                name.getBytes(StandardCharsets.UTF_8).length > MOST_ID_BYTES ? null : name,
                new JsonObject(data))));
    }

    /** A part of a result; null when it cannot be read. */
    private @Nullable Object part(String name, Expression part, @Nullable Object value, Scope scope) {
        try {
            return part.of(value, scope);
        } catch (ExpressionFailure e) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "declarative.resultUnreadable domain=" + provider.domain() + " action="
                                    + plan.action().name() + " part=" + name);
            return null;
        }
    }
}
