package io.tributary.scheduler.replays;

import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.security.Caller;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What to replay.
 *
 * @param kind {@code outputs}: write them to the content table again; {@code tasks}: run them again. No default
 * @param userIntegrationId whose; only operators may leave it out, which means everybody's
 * @param taskType of tasks: which; left out: initial tasks, whose follow-ups come by themselves
 * @param fromTime records of that time and later, RFC 3339
 * @param fromOffset records from that offset of each partition on, 0 and up; with neither, all that the topic still has
 * @param targetSchema of outputs: a schema to rebuild the content in, beside the live table; of operators, and of everybody's
 *     content or one user integration's. Made where it is not there yet; one that is there for something else is refused
 */
record ReplayRequest(
        @Nullable String kind,
        @Nullable UUID userIntegrationId,
        @Nullable String taskType,
        @Nullable String fromTime,
        @Nullable Long fromOffset,
        @Nullable String targetSchema) {

    private static final int MAX_TASK_TYPE = 200;
    private static final Pattern SCHEMA = Pattern.compile("(?!pg_|information_schema$)[a-z][a-z0-9_]{0,62}");

    void check(Caller caller) {
        var violations = new Violations();
        violations.check("outputs".equals(kind) || "tasks".equals(kind), "/kind", "must be outputs or tasks");
        violations.check(userIntegrationId != null || caller.operator(), "/userIntegrationId", "is missing");
        violations.check(taskType == null || "tasks".equals(kind), "/taskType", "is for tasks only");
        violations.checkText(taskType, MAX_TASK_TYPE, "/taskType");
        violations.check(fromTime == null || from() != null, "/fromTime", "must be an RFC 3339 date-time");
        violations.check(fromOffset == null || fromOffset >= 0, "/fromOffset", "must be 0 or more");
        violations.check(fromTime == null || fromOffset == null, "/fromOffset", "goes not together with fromTime");
        violations.check(targetSchema == null || "outputs".equals(kind), "/targetSchema", "is for outputs only");
        violations.check(targetSchema == null || caller.operator(), "/targetSchema", "is for operators only");
        violations.check(
                targetSchema == null || SCHEMA.matcher(targetSchema).matches(),
                "/targetSchema",
                "must be a name of lower-case letters, digits and _, 63 at most, that is not of the system");
        violations.throwIfAny();
    }

    @Nullable
    Instant from() {
        try {
            return fromTime == null ? null : OffsetDateTime.parse(fromTime).toInstant();
        } catch (DateTimeException _) {
            return null; // said by check
        }
    }
}
