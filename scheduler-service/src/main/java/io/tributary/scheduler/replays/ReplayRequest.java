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
 * A request to replay records.
 *
 * @param kind {@code outputs}: write them to the content table again; {@code tasks}: execute them again. No default
 * @param userIntegrationId only records of this one; default all, for operators only
 * @param taskType only tasks of this type; default initial tasks, which spawn their follow-up tasks again
 * @param fromTime only records of this time or later, RFC 3339
 * @param fromOffset only records from this offset of each partition on, 0 and up; default with no fromTime: all records
 *     of the topic
 * @param targetSchema schema in which outputs rebuild the content, apart from the live table; for operators. A missing
 *     schema is created; an existing schema of another purpose is rejected
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
        violations.check(fromTime == null || fromOffset == null, "/fromOffset", "cannot be combined with fromTime");
        violations.check(targetSchema == null || "outputs".equals(kind), "/targetSchema", "is for outputs only");
        violations.check(targetSchema == null || caller.operator(), "/targetSchema", "is for operators only");
        violations.check(
                targetSchema == null || SCHEMA.matcher(targetSchema).matches(),
                "/targetSchema",
                "must be a name of lower-case letters, digits and _, up to 63, and no system schema");
        violations.throwIfAny();
    }

    @Nullable
    Instant from() {
        try {
            return fromTime == null ? null : OffsetDateTime.parse(fromTime).toInstant();
        } catch (DateTimeException _) {
            return null; // check has reported it
        }
    }
}
