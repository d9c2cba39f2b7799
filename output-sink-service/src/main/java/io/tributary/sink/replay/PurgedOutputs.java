package io.tributary.sink.replay;

import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.run.RunRecord;
import io.tributary.sink.run.RunRecord.Item;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * Leaves out outputs whose content was purged: those sent before the last purge that somebody requested, and those past
 * the retention of their account.
 */
record PurgedOutputs(Postgres postgres) {

    private static final String POLICIES = """
        select id as user_integration_id, greatest(purge_before, purged_before) as purged_before,
               now() - make_interval(days => retention_days) as kept_since
          from user_integration
         where id = any(?) and (purge_before is not null or purged_before is not null or retention_days is not null)\
        """;

    private record Policy(
            UUID userIntegrationId,
            @Nullable Instant purgedBefore,
            @Nullable Instant keptSince) {

        boolean purged(Item item) {
            Instant time = Objects.requireNonNullElse(item.output().getExternalTimestamp(), item.sentAt());
            return purgedBefore != null && item.sentAt().isBefore(purgedBefore)
                    || keptSince != null && time.isBefore(keptSince);
        }
    }

    /** The records without those outputs; within the transaction that locked the accounts. */
    List<RunRecord> leaveOut(List<RunRecord> records) {
        Object[] accounts =
                records.stream().map(RunRecord::userIntegrationId).distinct().toArray();
        Map<UUID, Policy> policies =
                postgres.sql(POLICIES).param(new SqlArrayValue("uuid", accounts)).query(Policy.class).list().stream()
                        .collect(Collectors.toMap(Policy::userIntegrationId, Function.identity()));
        return policies.isEmpty()
                ? records
                : records.stream()
                        .filter(record -> !(record instanceof Item item && isPurged(item, policies)))
                        .toList();
    }

    private static boolean isPurged(Item item, Map<UUID, Policy> policies) {
        Policy policy = policies.get(item.userIntegrationId());
        return policy != null && policy.purged(item);
    }
}
