package io.tributary.integrations.declarative;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Manifest.SyncType;
import io.tributary.integrations.api.Manifest.TaskType;
import io.tributary.integrations.api.OAuth2;
import io.tributary.integrations.declarative.Definition.Authentication;
import io.tributary.integrations.declarative.Definition.Connect;
import io.tributary.integrations.declarative.Definition.Settings;
import io.tributary.integrations.declarative.Definition.Stream;
import io.tributary.integrations.declarative.Definition.SyncPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles a file whose shape has been checked. Notes all that is wrong before it gives up. */
final class ReadDefinition {

    private static final Duration EVERY = Duration.ofMinutes(15);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int MAX_MEGABYTES = 32;
    private static final String DEFAULT_SYNC_TYPE = "default";

    private final YamlFile file;
    private final Section root;
    private final ReadRequests requests;

    ReadDefinition(YamlFile file) {
        this.file = file;
        this.root = Section.root(file);
        this.requests = new ReadRequests(root.require("domain"));
    }

    Definition read() throws InvalidFileException {
        Map<String, Section> syncTypes = root.named("syncTypes");
        Map<String, SyncPlan> plans = plans(syncTypes);
        Map<String, Stream> streams = new ReadStreams(root, requests, plans).read();
        file.throwProblems(); // A file that is wrong so far may have no manifest.
        Manifest manifest = manifest(syncTypes, plans, streams);
        var definition = new Definition(
                manifest,
                root.require("baseUrl"),
                authentication(),
                settings(),
                requests.errors(root),
                root.has("connect") ? connect(root.section("connect")) : null,
                plans,
                streams);
        file.throwProblems();
        return definition;
    }

    private Map<String, SyncPlan> plans(Map<String, Section> syncTypes) {
        var plans = new LinkedHashMap<String, SyncPlan>();
        syncTypes.forEach((name, type) ->
                plans.put(name, new SyncPlan(type.texts("streams"), type.bool("listsEverything", false))));
        if (plans.isEmpty()) {
            plans.put(DEFAULT_SYNC_TYPE, new SyncPlan(ReadStreams.independent(root), false));
        }
        return plans;
    }

    private Manifest manifest(
            Map<String, Section> syncTypes, Map<String, SyncPlan> plans, Map<String, Stream> streams) {
        var manifest = new Manifest(
                root.require("domain"),
                root.require("version"),
                root.require("displayName"),
                kindsOfAuth(),
                configSchema(),
                plans.keySet().stream()
                        .map(name -> syncType(name, syncTypes.get(name)))
                        .toList(),
                taskTypes(plans, streams),
                limits(root.section("limits")));
        OAuth2 oauth2 = oauth2();
        return oauth2 == null ? manifest : manifest.withOAuth2(oauth2);
    }

    private static SyncType syncType(String name, @Nullable Section section) {
        String initial = Definition.SYNC + name;
        if (section == null) {
            return new SyncType(name, initial, EVERY);
        }
        Duration every = section.duration("every", EVERY);
        if (every.toSeconds() < 10) {
            section.report("every", "the least is 10s");
            every = EVERY;
        }
        double share = section.decimal("maxDeletedShare", 0);
        return new SyncType(
                name, initial, every, section.bool("advancesPastFailures", false), share > 0 ? share : null);
    }

    private static List<TaskType> taskTypes(Map<String, SyncPlan> plans, Map<String, Stream> streams) {
        var types = new ArrayList<TaskType>();
        plans.keySet().forEach(name -> types.add(TaskType.list(Definition.SYNC + name)));
        // What is read for each record of a list goes after the lists.
        streams.values()
                .forEach(stream ->
                        types.add(stream.isChild() ? TaskType.download(stream.name()) : TaskType.list(stream.name())));
        return types;
    }

    private Set<Manifest.Auth> kindsOfAuth() {
        var kinds = EnumSet.noneOf(Manifest.Auth.class);
        for (Section way : root.sections("auth")) {
            kinds.add(
                    switch (way.require("type")) {
                        case "apiKey" -> Manifest.Auth.API_KEY;
                        case "basic" -> Manifest.Auth.BASIC;
                        default -> Manifest.Auth.OAUTH2;
                    });
        }
        return kinds;
    }

    private List<Authentication> authentication() {
        return root.sections("auth").stream()
                .map(ReadDefinition::authentication)
                .toList();
    }

    private static Authentication authentication(Section way) {
        return switch (way.require("type")) {
            case "apiKey" ->
                way.has("query")
                        ? new Authentication.KeyInQuery(way.require("query"))
                        : new Authentication.KeyInHeader(
                                way.require("header"), way.text("prefix").orElse(""));
            case "basic" -> new Authentication.Basic();
            default -> new Authentication.Bearer();
        };
    }

    private @Nullable OAuth2 oauth2() {
        for (Section way : root.sections("auth")) {
            if (way.has("tokenUrl")) {
                return new OAuth2(
                        way.require("authorizeUrl"),
                        way.require("tokenUrl"),
                        way.texts("scopes"),
                        way.text("scopeSeparator").orElse(" "),
                        way.textMap("authorizeParameters"));
            }
        }
        return null;
    }

    /** The config as the file has it, and {@code baseUrl}, which every account can have. */
    private String configSchema() {
        JsonObject config = Values.object(root.raw("config"));
        JsonObject baseUrl = JsonObject.of("type", "string")
                .with("pattern", "^https?://[^?#]+$")
                .with("description", "Where the API is.")
                .with("default", root.require("baseUrl"));
        JsonObject properties = config.object("properties");
        return JsonObject.of("type", "object")
                .patchedWith(config)
                .with("properties", properties.has("baseUrl") ? properties : properties.with("baseUrl", baseUrl))
                .toJson();
    }

    private static Limits limits(Section section) {
        Limits usual = Limits.DEFAULT;
        int concurrency = section.integer("concurrency", usual.concurrency());
        Duration backoff = section.duration("backoff", usual.backoff());
        try {
            return new Limits(
                    concurrency,
                    section.decimal("requestsPerSecond", usual.requestsPerSecond()),
                    section.integer("burst", concurrency),
                    section.text("sharedBy").filter("providerApp"::equals).isPresent()
                            ? Limits.SharedBy.PROVIDER_APP
                            : Limits.SharedBy.USER_INTEGRATION,
                    section.duration("taskTimeout", usual.taskTimeout()),
                    section.integer("attempts", usual.attempts()),
                    backoff,
                    section.duration(
                            "backoffCap", backoff.compareTo(usual.backoffCap()) > 0 ? backoff : usual.backoffCap()));
        } catch (IllegalArgumentException e) {
            section.report(String.valueOf(e.getMessage()));
            return usual;
        }
    }

    private Settings settings() {
        Section http = root.section("http");
        Section names = http.section("rateLimitHeaders");
        var headers = new LinkedHashMap<String, String>();
        names.text("retryAfter").ifPresent(name -> headers.put("retry-after", name));
        names.text("remaining").ifPresent(name -> headers.put("x-ratelimit-remaining", name));
        names.text("reset").ifPresent(name -> headers.put("x-ratelimit-reset", name));
        Duration timeout = http.duration("timeout", TIMEOUT);
        if (timeout.toMillis() < 1000 || timeout.toMinutes() > 10) {
            http.report("timeout", "it must be 1s to 10m");
            timeout = TIMEOUT;
        }
        return new Settings(
                http.fields("headers"), timeout, (long) http.integer("maxMegabytes", MAX_MEGABYTES) << 20, headers);
    }

    private Connect connect(Section section) {
        return new Connect(
                requests.request(section.section("request")),
                section.optionalExpression("id"),
                section.optionalExpression("displayName"),
                section.expressions("settings"));
    }
}
