package io.tributary.worker.execution;

import io.tributary.integrations.api.Action;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.schemas.Trigger;
import io.tributary.worker.engine.BegunEffect;
import io.tributary.worker.engine.EffectPayload;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.plugins.Plugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Brings an effect about once. Where an earlier execution may have had it, the action says how to find out.
 *
 * <pre>
 *   stored already, or known to have happened   -> completed without an execution
 *   nothing began before                        -> execute
 *   something began: KEY, REPEAT                -> execute, with the same key
 *                    LOOK_UP                    -> look it up; its result, or else execute
 *                    ASK                        -> uncertain, unless a person redrove it: then execute
 * </pre>
 */
record BringAbout(
        Plugin plugin, BegunEffect effect, ExecutionContext context, Accounts accounts, PrepareResult prepareResult) {

    /** @throws TaskFailure as the integration; one before its execution is certainly without effect */
    Outcome execute() throws TaskFailure, InterruptedException {
        Action action = plugin.manifest().action(effect.task().getType()).orElseThrow();
        var task = new Task(
                action.name(),
                context.account()
                        .secrets()
                        .fillIn(EffectPayload.of(effect.task()).input()),
                effect.task().getAttempt());
        if (effect.happened() || isStored()) {
            return prepare(TaskResult.nothing());
        }
        Outcome bare = prepare(TaskResult.nothing().withOutputs(List.of(bareOutput()))); // Needs the registry first.
        boolean lookedUp = false;
        if (effect.mayHaveHappened()) {
            switch (action.repeat()) {
                case ASK -> {
                    if (!effect.isDecided()) {
                        return Outcome.interruptedEffect("An execution was interrupted, and the provider cannot say"
                                + " whether it took effect.");
                    }
                }
                case LOOK_UP -> {
                    Optional<TaskResult> found = lookUp(task);
                    if (found.isPresent()) {
                        return prepareWithEffect(found.get(), bare);
                    }
                    lookedUp = true;
                }
                case KEY, REPEAT -> {
                    // The provider ignores a repeated key, or the effect may happen twice.
                }
            }
        }
        try {
            return prepareWithEffect(plugin.run(task, context), bare);
        } catch (TaskFailure failure) {
            Outcome outcome = Outcomes.of(failure);
            return lookedUp && outcome instanceof Outcome.Failed failed ? failed.afterLookUp() : outcome;
        }
    }

    /** The effect without the provider's answer. */
    private Output bareOutput() {
        return Output.effect(context.effect().orElseThrow(), null, JsonObject.EMPTY);
    }

    /** A key that a person or a replay queued again, or that began before, may be stored; any other is new. */
    private boolean isStored() {
        boolean mayBe = effect.task().getTrigger() == Trigger.replay || effect.mayHaveHappened();
        return mayBe && accounts.isStored(context.userIntegrationId(), effect.key());
    }

    private Optional<TaskResult> lookUp(Task task) throws TaskFailure, InterruptedException {
        try {
            return plugin.lookUp(task, context);
        } catch (TaskFailure.Transient e) {
            throw e.certainlyWithoutEffect();
        }
    }

    /** The effect happened: a result that cannot be kept as it is must not hide that. */
    private Outcome prepareWithEffect(@Nullable TaskResult returned, Outcome bare) throws InterruptedException {
        TaskResult result = returned == null ? TaskResult.nothing() : returned.withState(JsonObject.EMPTY);
        boolean reported = result.outputs().stream()
                .anyMatch(output ->
                        output.kind() == Output.Kind.EFFECT && effect.key().equals(output.externalId()));
        if (!reported) {
            var outputs = new ArrayList<>(result.outputs());
            outputs.add(bareOutput());
            result = result.withOutputs(outputs);
        }
        try {
            Outcome outcome = prepare(result);
            return outcome instanceof Outcome.Completed completed
                            && completed.rejected().isEmpty()
                    ? outcome
                    : bare;
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) { // To wait and execute again, as a task that reads does, would repeat the effect.
            return new Outcome.Failed(
                    Outcome.Kind.TRANSIENT,
                    "polling.registryUnavailable",
                    "The action was executed, and its result cannot be encoded: " + e.getMessage());
        }
    }

    private Outcome prepare(TaskResult result) throws InterruptedException {
        return prepareResult.prepare(
                plugin.manifest(), context.task(), result, context.account().secrets());
    }
}
