package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.addresses.CheckAddress;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.quotas.QuotaProperties;
import io.tributary.scheduler.schedules.CheckSchedule;
import io.tributary.scheduler.schedules.WriteSchedules;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Checks the settings of a new user integration, or of a change. */
@Component
record CheckUserIntegration(CheckAddress checkAddress, QuotaProperties quotas) {

    /** Longest name, characters. */
    private static final int MAX_NAME = 200;

    /** Longest retention of content, days. */
    private static final int MAX_RETENTION_DAYS = 36_500;

    /**
     * Adds violations; the caller checks the credentials.
     *
     * @param leastDays of a retention: 0 ends one
     * @param manifest of its integration, needed for some settings only
     */
    void check(Settings settings, int leastDays, Supplier<Manifest> manifest, Violations violations) {
        violations.checkText(settings.name(), MAX_NAME, "/name");
        if (settings.config() != null) {
            CheckConfig.check(settings.config(), manifest.get(), violations);
            checkAddress.checkAll(settings.config(), "/config", violations);
        }
        CheckSchedule.check(settings.pollIntervalMinutes(), settings.rules(), quotas.minCronGap(), violations);
        if (settings.schedules() != null) {
            WriteSchedules.check(settings.schedules(), manifest.get(), quotas.minCronGap(), violations);
        }
        violations.check(
                settings.retentionDays() == null
                        || (settings.retentionDays() >= leastDays && settings.retentionDays() <= MAX_RETENTION_DAYS),
                "/retentionDays",
                "must be " + leastDays + " to " + MAX_RETENTION_DAYS);
    }
}
