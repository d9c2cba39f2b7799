package io.tributary.integrations.declarative;

import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.declarative.Definition.ApiVersion;
import java.lang.System.Logger.Level;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Optional;

/** Warns in the log, at the start of each run, before the provider ceases to answer the version of its API. */
final class WarnOfSunset {

    /** How long before. */
    static final Period AHEAD = Period.ofDays(60);

    private WarnOfSunset() {}

    /** Logs a warning where there is a reason for one. */
    static void now(Definition definition, TaskContext context) {
        LocalDate today = LocalDate.ofInstant(context.clock().instant(), ZoneOffset.UTC);
        warning(definition, context.config().text("apiVersion"), today)
                .ifPresent(warning -> context.logger().log(Level.WARNING, warning));
    }

    /** @param chosen the account's own version, of which nothing is known */
    static Optional<String> warning(Definition definition, Optional<String> chosen, LocalDate today) {
        ApiVersion version = definition.constants().apiVersion();
        if (version == null || version.sunset() == null || chosen.isPresent()) {
            return Optional.empty();
        }
        return today.isBefore(version.sunset().minus(AHEAD))
                ? Optional.empty()
                : Optional.of("declarative.apiSunset domain=" + definition.domain() + " apiVersion=" + version.value()
                        + " sunset=" + version.sunset());
    }
}
