package io.tributary.scheduler.actions;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.actions.EffectTable.Known;
import io.tributary.scheduler.runs.NewRun;
import io.tributary.scheduler.runs.NewRun.FirstTask;
import io.tributary.scheduler.runs.QueueRun;
import io.tributary.schemas.ActionRuns;
import io.tributary.schemas.RunAgain;
import io.tributary.schemas.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Queues runs of trigger {@code manual} that bring about effects, any number of them at a time. Effects of one account
 * share a run, up to the limit of {@link RunAgain}. The caller publishes them after its commit, by {@code
 * Outbox.dispatchSoon}; otherwise the next sweep of the outbox does.
 */
@Component
public record QueueEffects(QueueRun queueRun, EffectTable table) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * Queues effects of an account within the caller's transaction. A key that was requested before keeps its run, and
     * nothing is queued for it, unless that run ended without the effect and left no dead letter to redrive.
     *
     * @return the keys of each run, also of runs that were queued before; empty: the account was deleted
     */
    public Map<UUID, List<String>> queue(Account account, List<RequestedEffect> effects, Instant now) {
        return queue(account, effects, now, () -> {});
    }

    /**
     * As the other one.
     *
     * @param admit called before a run is queued, and not if all keys keep the runs that they have; may throw, and then
     *     the caller's transaction is to be rolled back
     */
    Map<UUID, List<String>> queue(Account account, List<RequestedEffect> effects, Instant now, Runnable admit) {
        Map<String, RequestedEffect> byKey = new LinkedHashMap<>();
        effects.forEach(effect -> byKey.putIfAbsent(effect.key(), effect));
        Set<String> claimed = new HashSet<>(table.claim(account.id(), byKey.values(), now));
        if (!claimed.isEmpty()) {
            admit.run();
        }
        Map<UUID, List<String>> runs = new LinkedHashMap<>();
        queueAll(
                account,
                byKey.values().stream()
                        .filter(effect -> claimed.contains(effect.key()))
                        .toList(),
                now,
                runs);
        var others =
                byKey.keySet().stream().filter(key -> !claimed.contains(key)).toList();
        if (!others.isEmpty()) {
            Map<String, Known> known = table.requested(account.id(), others);
            known.forEach((key, of) ->
                    runs.computeIfAbsent(of.runId(), _ -> new ArrayList<>()).add(key));
        }
        return runs;
    }

    private void queueAll(Account account, List<RequestedEffect> effects, Instant now, Map<UUID, List<String>> runs) {
        List<RequestedEffect> part = new ArrayList<>();
        int characters = 0;
        for (RequestedEffect effect : effects) {
            int more = effect.inputJson().length() + effect.key().length();
            boolean fits = part.size() < RunAgain.MAX_TASKS && characters + more <= RunAgain.MAX_PAYLOAD_CHARACTERS;
            if (!part.isEmpty() && !fits) {
                queueRun(account, part, now, runs);
                part.clear();
                characters = 0;
            }
            part.add(effect);
            characters += more;
        }
        if (!part.isEmpty()) {
            queueRun(account, part, now, runs);
        }
    }

    private void queueRun(Account account, List<RequestedEffect> effects, Instant now, Map<UUID, List<String>> runs) {
        ObjectNode payload = JSON.createObjectNode();
        var tasks = payload.putArray("tasks");
        for (RequestedEffect effect : effects) {
            ObjectNode content = tasks.addObject().put("type", effect.action()).putObject("payload");
            content.put(ActionRuns.KEY, effect.key());
            content.set(ActionRuns.INPUT, JSON.readTree(effect.inputJson()));
        }
        var run = NewRun.of(account, ActionRuns.SYNC_TYPE, Trigger.manual)
                .beginningWith(new FirstTask(RunAgain.TASK_TYPE, payload.toString()));
        UUID id = queueRun.one(run, now).orElseThrow(); // any number of them are live at a time
        var keys = effects.stream().map(RequestedEffect::key).toList();
        table.assign(account.id(), keys, id);
        runs.put(id, new ArrayList<>(keys));
    }
}
