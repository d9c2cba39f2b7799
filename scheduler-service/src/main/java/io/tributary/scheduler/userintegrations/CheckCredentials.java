package io.tributary.scheduler.userintegrations;

import static java.util.stream.Collectors.joining;

import io.tributary.scheduler.credentials.AccessExpiry;
import io.tributary.scheduler.http.Violation;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks that credentials are what the integration takes, and all it needs. Names keys, never a value. */
final class CheckCredentials {

    private static final String PATH = "/credentials";

    /** Longest value, characters: a private key of 8,192 bits as PEM has some 6,500. */
    private static final int MAX_LENGTH = 16_384;

    /** A kind of credentials: the keys it takes, and the sets of keys any of which is enough. */
    private record Kind(Set<String> takes, List<Set<String>> needsOneOf) {}

    private static final Map<String, Kind> KINDS = Map.of(
            "basic", new Kind(Set.of("username", "password"), List.of(Set.of("username", "password"))),
            "privateKey",
                    new Kind(Set.of("username", "privateKey", "password"), List.of(Set.of("username", "privateKey"))),
            "apiKey", new Kind(Set.of("apiKey"), List.of(Set.of("apiKey"))),
            "oauth2",
                    new Kind(
                            Set.of("accessToken", "refreshToken", "expiresAt", "clientId", "clientSecret"),
                            List.of(Set.of("accessToken"), Set.of("refreshToken"))));

    // For a kind that only newer workers know: whatever credentials can have.
    private static final Kind ANY = new Kind(
            Set.of(
                    "accessToken",
                    "refreshToken",
                    "expiresAt",
                    "clientId",
                    "clientSecret",
                    "apiKey",
                    "username",
                    "password",
                    "privateKey"),
            List.of(Set.of()));

    private CheckCredentials() {}

    static void check(Map<String, @Nullable String> credentials, Manifest manifest, Violations violations) {
        var kinds = manifest.auth().stream()
                .map(kind -> KINDS.getOrDefault(kind, ANY))
                .toList();
        checkKeys(credentials, kinds, manifest.domain(), violations);
        checkComplete(credentials, kinds, manifest.domain(), violations);
        checkExpiry(credentials.get("expiresAt"), violations);
    }

    /** Checks credentials that an authorization is going to complete: keys and values, not that all are there. */
    static void checkIncomplete(Map<String, @Nullable String> credentials, Manifest manifest, Violations violations) {
        var kinds = manifest.auth().stream()
                .map(kind -> KINDS.getOrDefault(kind, ANY))
                .toList();
        checkKeys(credentials, kinds, manifest.domain(), violations);
        violations.check(
                manifest.auth().contains("oauth2"),
                "/authorize",
                "is for integrations with OAuth2, which " + manifest.domain() + " is not");
    }

    private static void checkKeys(
            Map<String, @Nullable String> credentials, List<Kind> kinds, String domain, Violations violations) {
        var taken = new TreeSet<String>();
        kinds.forEach(kind -> taken.addAll(kind.takes()));
        credentials.forEach((key, value) -> {
            String path = PATH + Violation.step(key);
            violations.check(taken.contains(key), path, "is not taken by " + domain + ", which takes " + listed(taken));
            violations.check(
                    value != null && !value.isEmpty() && value.length() <= MAX_LENGTH,
                    path,
                    "must be a string of 1 to " + MAX_LENGTH + " characters");
            if (value != null) {
                violations.checkStorable(value, path);
            }
        });
    }

    private static void checkComplete(
            Map<String, @Nullable String> credentials, List<Kind> kinds, String domain, Violations violations) {
        var choices = kinds.stream().flatMap(kind -> kind.needsOneOf().stream()).toList();
        if (choices.isEmpty() || choices.stream().anyMatch(credentials.keySet()::containsAll)) {
            return;
        }
        if (choices.size() == 1) {
            missing(choices.getFirst(), credentials)
                    .forEach(key -> violations.add(PATH + "/" + key, "is missing: " + domain + " needs it to log in"));
        } else {
            String needed = choices.stream()
                    .map(keys -> String.join(" and ", new TreeSet<>(keys)))
                    .collect(joining(", or "));
            violations.add(PATH, "are not complete: " + domain + " needs " + needed);
        }
    }

    private static Stream<String> missing(Set<String> needed, Map<String, @Nullable String> credentials) {
        return needed.stream().filter(key -> !credentials.containsKey(key)).sorted();
    }

    private static void checkExpiry(@Nullable String expiresAt, Violations violations) {
        violations.check(
                expiresAt == null || AccessExpiry.parse(expiresAt).isPresent(),
                PATH + "/expiresAt",
                "must be an RFC 3339 date-time such as 2026-04-01T12:00:00Z, or seconds or milliseconds since 1970");
    }

    private static String listed(Set<String> keys) {
        return keys.isEmpty() ? "no credentials" : String.join(", ", keys);
    }
}
