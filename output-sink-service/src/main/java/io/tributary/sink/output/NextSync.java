package io.tributary.sink.output;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.support.CronExpression;

/**
 * When a user integration is due again: by its cron expression (5 or 6 fields, UTC) or else its interval, counted from
 * now, and somewhat later: by chance up to a tenth of the interval and at most a minute, so that those that were
 * connected together do not stay together.
 */
final class NextSync {

    private static final Logger log = LoggerFactory.getLogger(NextSync.class);
    private static final Duration MAX_JITTER = Duration.ofMinutes(1);
    private static final int JITTER_SHARE = 10;
    private static final int FIELDS_WITHOUT_SECONDS = 5;

    private final RandomGenerator random;

    NextSync(RandomGenerator random) {
        this.random = random;
    }

    /** Null: never, since the cron expression names no time to come. One that cannot be read counts as none. */
    @Nullable
    Instant after(Instant now, UserIntegration userIntegration) {
        CronExpression cron = cron(userIntegration);
        if (cron == null) {
            Duration interval = Duration.ofMinutes(userIntegration.pollIntervalMinutes());
            return now.plus(interval).plus(jitter(interval));
        }
        ZonedDateTime next = cron.next(now.atZone(ZoneOffset.UTC));
        ZonedDateTime afterNext = next == null ? null : cron.next(next);
        if (next == null) {
            return null;
        }
        return afterNext == null ? next.toInstant() : next.toInstant().plus(jitter(Duration.between(next, afterNext)));
    }

    private Duration jitter(Duration interval) {
        Duration share = interval.dividedBy(JITTER_SHARE);
        long bound = (share.compareTo(MAX_JITTER) < 0 ? share : MAX_JITTER).toMillis();
        return Duration.ofMillis(random.nextLong(bound + 1));
    }

    private static @Nullable CronExpression cron(UserIntegration userIntegration) {
        String expression = userIntegration.scheduleCron();
        if (expression == null || expression.isBlank()) {
            return null;
        }
        String fields = expression.strip();
        try {
            return CronExpression.parse(fields.split("\\s+").length == FIELDS_WITHOUT_SECONDS ? "0 " + fields : fields);
        } catch (IllegalArgumentException e) {
            log.error(
                    "sink.cronUnreadable: polled by interval instead userIntegrationId={} cron={}",
                    userIntegration.id(),
                    expression);
            return null;
        }
    }
}
