package io.tributary.scheduler.userintegrations;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.tributary.scheduler.http.Violation;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.secrets.Expiry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Checks that the integration accepts all given credentials and needs no others. Names keys, never a value. */
final class CheckCredentials {

    private static final String PATH = "/credentials";

    /**
     * The key of a config schema that lists the ways to log in: for each, the keys of the credentials that it needs.
     * For integrations whose credentials have other keys than those of {@link #KINDS}.
     */
    private static final String WAYS = "x-credentials";

    /** Longest value, characters: a private key of 8,192 bits as PEM has some 6,500. */
    private static final int MAX_LENGTH = 16_384;

    /** A kind of credentials: the keys that it accepts, and the sets of keys of which one is needed. */
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

    // For a kind that only newer workers know: accepts any key.
    private static final Kind ANY = new Kind(
            KINDS.values().stream().flatMap(kind -> kind.takes().stream()).collect(toUnmodifiableSet()),
            List.of(Set.of()));

    private CheckCredentials() {}

    static void check(Map<String, @Nullable String> credentials, Manifest manifest, Violations violations) {
        List<Kind> kinds = kinds(manifest);
        checkKeys(credentials, kinds, manifest.domain(), violations);
        checkComplete(credentials, kinds, manifest.domain(), violations);
        checkExpiry(credentials.get("expiresAt"), violations);
    }

    /** Checks the keys and values of credentials that an authorization will complete, but not whether all are given. */
    static void checkIncomplete(Map<String, @Nullable String> credentials, Manifest manifest, Violations violations) {
        checkKeys(credentials, kinds(manifest), manifest.domain(), violations);
        violations.check(
                manifest.auth().contains("oauth2"),
                "/authorize",
                "needs an integration with OAuth2; " + manifest.domain() + " has none");
    }

    /** Those of the manifest; a config schema that names its ways to log in knows better which keys they need. */
    private static List<Kind> kinds(Manifest manifest) {
        List<Kind> usual = manifest.auth().stream()
                .map(kind -> KINDS.getOrDefault(kind, ANY))
                .toList();
        JsonNode ways = manifest.configSchema().path(WAYS);
        if (!ways.isArray() || ways.isEmpty()) {
            return usual;
        }
        List<Set<String>> needed = ways.valueStream()
                .map(way -> way.valueStream().map(JsonNode::asString).collect(toUnmodifiableSet()))
                .toList();
        Set<String> taken = Stream.concat(
                        usual.stream().flatMap(kind -> kind.takes().stream()),
                        needed.stream().flatMap(Set::stream))
                .collect(toUnmodifiableSet());
        return List.of(new Kind(taken, needed));
    }

    private static void checkKeys(
            Map<String, @Nullable String> credentials, List<Kind> kinds, String domain, Violations violations) {
        var taken = new TreeSet<String>();
        kinds.forEach(kind -> taken.addAll(kind.takes()));
        credentials.forEach((key, value) -> {
            String path = PATH + Violation.step(key);
            violations.check(taken.contains(key), path, "is not used by " + domain + ", which uses " + listed(taken));
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
            violations.add(PATH, "are incomplete: " + domain + " needs " + needed);
        }
    }

    private static Stream<String> missing(Set<String> needed, Map<String, @Nullable String> credentials) {
        return needed.stream().filter(key -> !credentials.containsKey(key)).sorted();
    }

    private static void checkExpiry(@Nullable String expiresAt, Violations violations) {
        violations.check(
                expiresAt == null || Expiry.parse(expiresAt).isPresent(),
                PATH + "/expiresAt",
                "must be an RFC 3339 date-time such as 2026-04-01T12:00:00Z, or seconds or milliseconds since 1970");
    }

    private static String listed(Set<String> keys) {
        return keys.isEmpty() ? "no credentials" : String.join(", ", keys);
    }
}
