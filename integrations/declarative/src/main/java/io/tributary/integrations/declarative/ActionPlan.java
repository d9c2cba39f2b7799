package io.tributary.integrations.declarative;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import io.tributary.integrations.api.Action;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.declarative.Definition.Request;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An action that a file describes, compiled.
 *
 * @param inputSchema that of the action, compiled
 * @param request which has the effect; its expressions can name {@code input}, {@code effect} and {@code credentials}
 * @param result applied to the body of its answer
 * @param lookup how the effect is found; null: it cannot be
 */
record ActionPlan(
        Action action,
        Schema inputSchema,
        Request request,
        Result result,
        @Nullable Lookup lookup) {

    private static final int MOST_PROBLEMS = 3;

    /**
     * The parts of an answer that are kept of an effect.
     *
     * @param providerId the provider's id of it; null: it gives none
     * @param data further values by name
     */
    record Result(@Nullable Expression providerId, Map<String, Expression> data) {}

    /**
     * How an effect is found.
     *
     * @param found applied to the body of the answer: the record of the effect; nothing: it is not there
     * @param complete applied to the body: whether it shows everything that the effect can be among; null: never, so
     *     that only a status of {@code missing} says that there was no effect
     * @param result applied to that record
     * @param after how long the provider may take until it shows an effect; the request waits that long
     */
    record Lookup(
            Request request, Expression found, @Nullable Expression complete, Result result, Duration after) {

        /** Whether an answer in which nothing was found proves that there was no effect. */
        boolean provesAbsence(ProviderAnswer answer, Scope scope) throws ExpressionFailure {
            return switch (answer.meaning()) {
                case RECORDS -> answer.body() != null && complete != null && complete.holds(answer.body(), scope);
                case MISSING -> !(answer.body() instanceof String); // The page of a proxy is no answer of the provider.
                case UNCHANGED, SPECIAL -> false;
            };
        }
    }

    /** The problems of an input, without its values; empty: it is valid. */
    Optional<String> problem(JsonObject input) {
        String problems = inputSchema.validate(input.toJson(), InputFormat.JSON).stream()
                .limit(MOST_PROBLEMS)
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .collect(Collectors.joining("; "));
        return problems.isEmpty() ? Optional.empty() : Optional.of(problems);
    }
}
