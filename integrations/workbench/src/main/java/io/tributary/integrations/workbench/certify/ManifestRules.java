package io.tributary.integrations.workbench.certify;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.OAuth2;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the integration says of itself, and of the account it is connected to. */
final class ManifestRules {

    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    /** More at a time is more than a provider lets one account do, and than a worker has for all of them. */
    private static final int MOST_CONCURRENCY = 100;

    private static final int MOST_ATTEMPTS = 20;
    private static final Duration LONGEST_BACKOFF = Duration.ofHours(1);

    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private ManifestRules() {}

    static Stream<Rule> all() {
        return Stream.of(
                Rule.of("the manifest is the same each time, and its limits are sane", ManifestRules::manifest),
                Rule.of("the config schema is valid, explains every key and takes the config", ManifestRules::config),
                Rule.of(
                        "connect tells the account, the same each time, or that it is unknown",
                        ManifestRules::connect));
    }

    private static Outcome manifest(Fixtures fixtures) {
        try (Fixture fixture = fixtures.create();
                var one = fixture.provider().integration()) {
            Manifest manifest = one.manifest();
            Breach.unless(
                    manifest.equals(one.manifest())
                            && manifest.equals(fixtures.facts().manifest()),
                    "the manifest is another one each time it is asked for");
            Breach.unless(!manifest.displayName().isBlank(), "displayName is blank");
            Breach.unless(
                    manifest.version().matches("\\d+(\\.\\d+){1,2}([-+.].*)?"),
                    "the version is " + manifest.version() + ", not one such as 1.2.0");
            mustDiffer(
                    "sync types",
                    manifest.syncTypes().stream().map(Manifest.SyncType::name).toList());
            mustDiffer(
                    "task types",
                    manifest.taskTypes().stream().map(Manifest.TaskType::name).toList());
            limits(manifest.limits());
            return Outcome.PASSED;
        }
    }

    private static void mustDiffer(String what, List<String> names) {
        Breach.unless(new HashSet<>(names).size() == names.size(), "two " + what + " have the same name: " + names);
    }

    private static void limits(Limits limits) {
        Breach.unless(
                limits.concurrency() <= MOST_CONCURRENCY,
                "concurrency is " + limits.concurrency() + "; " + MOST_CONCURRENCY + " is the most that makes sense");
        Breach.unless(
                limits.attempts() >= 2 && limits.attempts() <= MOST_ATTEMPTS,
                "attempts is " + limits.attempts() + "; 2 to " + MOST_ATTEMPTS
                        + " make sense: the first one may meet a broken connection");
        Breach.unless(
                limits.backoffCap().compareTo(LONGEST_BACKOFF) <= 0,
                "backoffCap is " + limits.backoffCap() + "; an account should not rest longer than an hour by itself");
    }

    private static Outcome config(Fixtures fixtures) {
        Manifest manifest = fixtures.facts().manifest();
        mustBeValid("the config schema", SCHEMAS.getSchema(SchemaLocation.of(DIALECT)), manifest.configSchema());
        JsonNode schema = JsonMapper.shared().readTree(manifest.configSchema());
        Breach.unless(
                "object".equals(schema.path("type").asString("")), "the config schema has another type than object");
        schema.path("properties")
                .forEachEntry((key, property) -> Breach.unless(
                        !property.path("description").asString("").isBlank(),
                        "the config's " + key + " has no description"));
        OAuth2 provider = manifest.oauth2();
        if (provider != null) {
            mustAgree(schema, "authorizeUrl", provider.authorizeUrl());
            mustAgree(schema, "tokenUrl", provider.tokenUrl());
        }
        if (fixtures.facts().lacksHttp().isEmpty()) {
            Breach.unless(
                    schema.path("properties").has("baseUrl"),
                    "the config has no baseUrl, which leads an integration of an HTTP API to another host");
        }
        try (Fixture fixture = fixtures.create()) {
            fixture.add(1);
            mustBeValid(
                    "the double's config",
                    SCHEMAS.getSchema(manifest.configSchema(), InputFormat.JSON),
                    fixture.provider().config().toJson());
        }
        return Outcome.PASSED;
    }

    /** The default of the config would otherwise lead every account to another URL than the manifest names. */
    private static void mustAgree(JsonNode schema, String key, @Nullable String url) {
        String byDefault = schema.path("properties").path(key).path("default").asString(url == null ? "" : url);
        Breach.unless(
                url == null || byDefault.equals(url),
                "the config's " + key + " is " + byDefault + " by default, and oauth2 has " + url);
    }

    private static void mustBeValid(String what, Schema schema, String json) {
        List<Error> errors = schema.validate(json, InputFormat.JSON);
        Breach.unless(errors.isEmpty(), what + " is not valid: " + errors);
    }

    private static Outcome connect(Fixtures fixtures) throws Exception {
        try (Fixture fixture = fixtures.create()) {
            fixture.add(1);
            Account account = fixture.account().account().identify();
            Breach.unless(
                    account.equals(fixture.account().account().identify()),
                    "connect tells another account the second time");
            if (account.equals(Account.UNKNOWN)) {
                return new Outcome.Passed("unknown");
            }
            Breach.unless(account.id() != null && !account.id().isBlank(), "connect tells an account without an id");
            var known = fixtures.facts().manifest().configSchema();
            Set<String> settings = account.settings().values().keySet();
            Breach.unless(
                    settings.stream()
                            .allMatch(key -> JsonMapper.shared()
                                    .readTree(known)
                                    .path("properties")
                                    .has(key)),
                    "connect tells settings that the config schema does not have: " + settings);
            return new Outcome.Passed(
                    "tells " + (account.displayName() == null ? account.id() : account.displayName()));
        }
    }
}
