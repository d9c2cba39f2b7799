package io.tributary.scheduler.schedules;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.schedules.ScheduleTable.Next;
import io.tributary.scheduler.schedules.ScheduleTable.Times;
import io.tributary.schemas.ManifestDocument.Action;
import io.tributary.schemas.ManifestDocument.SyncType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Writes schedules within a transaction in which the user integration's row is locked or new. */
@Component
public record WriteSchedules(ScheduleTable table) {

    /** Default interval of a default sync type. */
    private static final int USUAL_SECONDS = 15 * 60;

    private static final ScheduleSettings AS_USUAL = new ScheduleSettings(null, ScheduleRules.NONE);

    /** Checks the schedules of a request. */
    public static void check(
            @Nullable Map<String, @Nullable ScheduleSettings> asked,
            Manifest manifest,
            Duration minCronGap,
            Violations violations) {
        if (asked == null) {
            return;
        }
        var names = further(manifest).stream().map(SyncType::name).toList();
        asked.forEach((syncType, settings) -> {
            if (!names.contains(syncType)) {
                violations.add(
                        "/schedules",
                        names.isEmpty()
                                ? manifest.domain() + " has no additional sync types"
                                : "may have the sync types " + String.join(", ", names));
            } else if (settings != null) {
                CheckSchedule.check(syncType, settings, minCronGap, violations);
            }
        });
    }

    /** The answer to a request that needs a sync type of an integration that has actions only. */
    public static ApiException nothingToSync(Manifest manifest) {
        return new ApiException(Problem.of(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "polling.nothingToSync",
                "The integration " + manifest.domain()
                        + " syncs nothing, so it has no schedule. POST one of its actions: "
                        + String.join(
                                ", ",
                                manifest.actions().stream().map(Action::name).toList())
                        + "."));
    }

    /** Changes the schedule of the default sync type as requested; an account that syncs nothing has none. */
    public void changeDefault(UUID id, ScheduleSettings settings, Instant now) {
        if (!settings.isEmpty()) {
            table.defaultOf(id).ifPresent(syncType -> write(id, syncType, USUAL_SECONDS, settings, false, now));
        }
    }

    /**
     * Schedules the default sync type as requested, and each additional one as requested or by default, except those
     * that the request sets to null; due immediately if {@code active}, otherwise as soon as the user integration is
     * active. An integration without sync types has no schedule.
     */
    public void create(
            UUID id,
            Manifest manifest,
            ScheduleSettings byDefault,
            @Nullable Map<String, @Nullable ScheduleSettings> asked,
            boolean active,
            Instant now) {
        manifest.defaultSyncType()
                .ifPresentOrElse(type -> table.nameDefault(List.of(id), type.name()), () -> table.deleteDefault(id));
        changeDefault(id, byDefault, now);
        Map<String, @Nullable ScheduleSettings> settings = asked == null ? Map.of() : asked;
        for (SyncType syncType : further(manifest)) {
            if (!settings.containsKey(syncType.name())) {
                write(id, syncType.name(), syncType.intervalSeconds(), AS_USUAL, active, now);
            } else if (settings.get(syncType.name()) instanceof ScheduleSettings own) {
                write(id, syncType.name(), syncType.intervalSeconds(), own, active, now);
            }
        }
    }

    /** Changes the requested schedules; null deletes the schedule of a sync type with its state. */
    public void change(
            UUID id, Manifest manifest, Map<String, @Nullable ScheduleSettings> asked, boolean active, Instant now) {
        for (SyncType syncType : further(manifest)) {
            if (asked.get(syncType.name()) instanceof ScheduleSettings own) {
                write(id, syncType.name(), syncType.intervalSeconds(), own, active, now);
            } else if (asked.containsKey(syncType.name())) {
                table.delete(id, syncType.name());
            }
        }
    }

    private void write(
            UUID id, String syncType, long usualSeconds, ScheduleSettings settings, boolean active, Instant now) {
        Times times = table.write(id, syncType, usualSeconds, settings, active, now);
        Instant next = times.schedule().nextAfterChange(times.lastSyncAt(), times.nextSyncAt(), now);
        if (settings.changesTimes() && next != null) {
            table.setNext(List.of(new Next(id, syncType, next)));
        }
    }

    private static List<SyncType> further(Manifest manifest) {
        return manifest.syncTypes().stream().skip(1).toList();
    }
}
