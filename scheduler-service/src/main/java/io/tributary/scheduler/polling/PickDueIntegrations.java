package io.tributary.scheduler.polling;

import io.tributary.schedule.Schedule.Decision.PostponeUntil;
import io.tributary.schedule.Schedule.Decision.Start;
import io.tributary.scheduler.ByIndex;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.quotas.LiveRunQuota;
import io.tributary.scheduler.runs.NewRun;
import io.tributary.scheduler.runs.QueueRun;
import io.tributary.scheduler.runs.QueueRun.Queued;
import io.tributary.scheduler.schedules.ScheduleTable;
import io.tributary.scheduler.schedules.ScheduleTable.Due;
import io.tributary.scheduler.schedules.ScheduleTable.Next;
import io.tributary.schemas.ManifestDocument.SyncType;
import io.tributary.schemas.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Queues a run for each schedule that is due, in one transaction. A queued run is in the outbox, so it will be
 * dispatched after the commit, whatever crashes. A schedule whose owner has as many live runs as the quota allows is
 * due again after {@link LiveRunQuota#RETRY}.
 */
@Component
public record PickDueIntegrations(
        JdbcClient jdbc,
        TransactionOperations transaction,
        Manifests manifests,
        ScheduleTable schedules,
        QueueRun queueRun,
        LiveRunQuota liveRuns,
        LatenessTimers lateness) {

    /**
     * The result for the schedules that were due.
     *
     * @param dueAt when the picked ones were due
     */
    private record Batch(List<Queued> picked, List<Instant> dueAt, int postponed) {}

    /**
     * Picks the schedules that are due at {@code now}, up to {@code batchSize}: those of the integration with the
     * longest due schedule, the longest due first. The next call picks the next ones; empty when no other schedule is
     * due. If none is due, it costs one statement.
     */
    public List<Queued> pick(Instant now, int batchSize) {
        for (String domain : schedules.dueDomains(now)) {
            Batch batch;
            do {
                batch = Objects.requireNonNull(transaction.execute(_ -> pickBatch(domain, now, batchSize)));
            } while (batch.picked().isEmpty() && batch.postponed() > 0);
            if (!batch.picked().isEmpty()) {
                lateness.record(domain, batch.dueAt(), now);
                return batch.picked();
            }
        }
        return List.of();
    }

    private Batch pickBatch(String domain, Instant now, int batchSize) {
        ByIndex.prefer(jdbc);
        String defaultSyncType = manifests
                .find(domain)
                .flatMap(Manifest::defaultSyncType)
                .map(SyncType::name)
                .orElse("default");
        List<Due> due = schedules.lockDue(domain, defaultSyncType, now, batchSize);
        var misnamed = new ArrayList<UUID>();
        var nexts = new ArrayList<Next>();
        var runs = new ArrayList<NewRun>();
        var dueAt = new ArrayList<Instant>();
        for (Due each : due) {
            String syncType = each.isDefault() ? defaultSyncType : each.syncType();
            if (!syncType.equals(each.syncType())) {
                misnamed.add(each.account().id());
            }
            Instant time = Objects.requireNonNull(each.times().nextSyncAt());
            switch (each.times().schedule().decide(time, now)) {
                case Start()
                when !liveRuns.tryTake(each.owner()) ->
                    nexts.add(new Next(each.account().id(), syncType, now.plus(LiveRunQuota.RETRY)));
                case Start() -> {
                    nexts.add(new Next(each.account().id(), syncType, null)); // the end of the run sets the next time
                    runs.add(NewRun.of(each.account(), syncType, Trigger.schedule));
                    dueAt.add(time);
                }
                case PostponeUntil(Instant until) ->
                    nexts.add(new Next(each.account().id(), syncType, until));
            }
        }
        // The sink finds the schedule of a run by its name.
        schedules.nameDefault(misnamed, defaultSyncType);
        schedules.setNext(nexts);
        return new Batch(queueRun.all(runs, now), dueAt, due.size() - runs.size());
    }
}
