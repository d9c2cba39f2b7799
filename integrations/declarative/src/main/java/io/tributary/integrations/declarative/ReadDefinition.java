package io.tributary.integrations.declarative;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Manifest.SyncType;
import io.tributary.integrations.api.Manifest.TaskType;
import io.tributary.integrations.api.OAuth2;
import io.tributary.integrations.declarative.Definition.ApiVersion;
import io.tributary.integrations.declarative.Definition.Connect;
import io.tributary.integrations.declarative.Definition.Constants;
import io.tributary.integrations.declarative.Definition.Settings;
import io.tributary.integrations.declarative.Definition.Stream;
import io.tributary.integrations.declarative.Definition.SyncPlan;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles a file whose shape has been checked. Notes all that is wrong before it gives up. */
record ReadDefinition(YamlFile file, Section root, ReadRequests requests, ReadAuth auth) {

    private static final Duration EVERY = Duration.ofMinutes(15);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int MAX_MEGABYTES = 32;
    private static final String DEFAULT_SYNC_TYPE = "default";

    ReadDefinition(YamlFile file) {
        Section root = Section.root(file);
        this(file, root, new ReadRequests(root.require("domain")));
    }

    private ReadDefinition(YamlFile file, Section root, ReadRequests requests) {
        this(file, root, requests, new ReadAuth(root, requests));
    }

    Definition read() throws InvalidFileException {
        Map<String, Section> syncTypes = root.named("syncTypes");
        Map<String, SyncPlan> plans = plans(syncTypes);
        Map<String, Stream> streams = new ReadStreams(root, requests, plans).read();
        Map<String, ActionPlan> actions = new ReadActions(root, requests).read(taskNames(plans, streams));
        file.throwProblems(); // A file that is wrong so far may have no manifest.
        Manifest manifest = manifest(syncTypes, plans, streams, actions.values());
        var definition = new Definition(
                manifest,
                root.require("description"),
                root.require("baseUrl"),
                auth.access(),
                settings(),
                requests.errors(root),
                root.has("connect") ? connect(root.section("connect")) : null,
                constants(),
                plans,
                streams,
                actions);
        actions.values().forEach(action -> checkTime(action, definition));
        file.throwProblems();
        return definition;
    }

    /** An action that is given up may take effect later, after a look-up that found nothing. */
    private void checkTime(ActionPlan action, Definition definition) {
        Duration after =
                action.lookup() == null ? Duration.ZERO : action.lookup().after();
        Duration longest = definition.http().timeout().plus(after);
        if (definition.manifest().limits().taskTimeout().compareTo(longest) <= 0) {
            root.section("actions")
                    .report(
                            action.action().name(),
                            "limits.taskTimeout must be longer than http.timeout and 'after' of the look-up together");
        }
    }

    private Map<String, SyncPlan> plans(Map<String, Section> syncTypes) {
        var plans = new LinkedHashMap<String, SyncPlan>();
        syncTypes.forEach((name, type) ->
                plans.put(name, new SyncPlan(type.texts("streams"), type.bool("listsEverything", false))));
        if (plans.isEmpty() && root.has("streams")) {
            plans.put(DEFAULT_SYNC_TYPE, new SyncPlan(ReadStreams.independent(root), false));
        }
        return plans;
    }

    private Manifest manifest(
            Map<String, Section> syncTypes,
            Map<String, SyncPlan> plans,
            Map<String, Stream> streams,
            Collection<ActionPlan> actions) {
        return new Manifest(
                root.require("domain"),
                root.require("version"),
                root.require("displayName"),
                auth.kinds(),
                configSchema(),
                plans.keySet().stream()
                        .map(name -> syncType(name, syncTypes.get(name)))
                        .toList(),
                taskTypes(plans, streams),
                limits(root.section("limits")),
                auth.oauth2(),
                actions.stream().map(ActionPlan::action).toList(),
                new ReadWebhook(root).read());
    }

    private static Set<String> taskNames(Map<String, SyncPlan> plans, Map<String, Stream> streams) {
        var names = new HashSet<>(streams.keySet());
        plans.keySet().forEach(name -> names.add(Definition.SYNC + name));
        return names;
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
        Duration window = section.duration("firstWindow", Duration.ZERO);
        return new SyncType(
                name,
                initial,
                every,
                section.bool("advancesPastFailures", false),
                share > 0 ? share : null,
                window.isPositive() ? window : null);
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

    private Constants constants() {
        var values = new LinkedHashMap<String, @Nullable Object>();
        root.section("values").values().forEach((name, value) -> values.put(String.valueOf(name), value));
        Section version = root.section("apiVersion");
        return new Constants(
                values, version.has("value") ? new ApiVersion(version.require("value"), sunset(version)) : null);
    }

    private static @Nullable LocalDate sunset(Section version) {
        try {
            return version.text("sunset").map(LocalDate::parse).orElse(null);
        } catch (DateTimeParseException e) {
            version.report("sunset", "there is no such day");
            return null;
        }
    }

    /** The config as the file has it, and the keys that every account can have. */
    private String configSchema() {
        JsonObject config = Values.object(root.raw("config"));
        JsonObject baseUrl = JsonObject.of("type", "string")
                .with("pattern", "^https?://[^?#]+$")
                .with("description", "Where the API is.")
                .with("default", root.require("baseUrl"));
        JsonObject ours = JsonObject.of("baseUrl", baseUrl);
        OAuth2 oauth2 = auth.oauth2();
        if (oauth2 != null) {
            ours = ours.with(
                    "tokenUrl",
                    JsonObject.of("type", "string")
                            .with("pattern", "^https?://")
                            .with("description", "Where access tokens are renewed.")
                            .with("default", oauth2.tokenUrl()));
        }
        if (oauth2 != null && oauth2.grant() == OAuth2.Grant.JWT_BEARER) {
            ours = ours.with(
                            "subject",
                            JsonObject.of("type", "string")
                                    .with("description", "The user for whom the service account asks."))
                    .with(
                            "keyId",
                            JsonObject.of("type", "string")
                                    .with("description", "The provider's name for the private key."));
        }
        String clientIdParameter = auth.clientIdParameter();
        if (clientIdParameter != null) {
            ours = ours.with(
                    "clientIdParameter",
                    JsonObject.of("const", clientIdParameter)
                            .with("description", "What the provider calls the id of an OAuth2 client.")
                            .with("default", clientIdParameter));
        }
        if (root.has("apiVersion")) {
            ours = ours.with(
                    "apiVersion",
                    JsonObject.of("type", "string")
                            .with(
                                    "description",
                                    "Another version of the provider's API, to try it before it is needed."));
        }
        JsonObject properties = config.object("properties");
        for (var property : ours.values().entrySet()) {
            if (!properties.has(property.getKey())) {
                properties = properties.with(property.getKey(), property.getValue());
            }
        }
        JsonObject schema = JsonObject.of("type", "object").patchedWith(config).with("properties", properties);
        return (auth.hasOwnCredentials() ? schema.with("x-credentials", auth.credentials()) : schema).toJson();
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
                section.has("works") ? requests.condition(section.section("works")) : null,
                section.optionalExpression("id"),
                section.optionalExpression("displayName"),
                section.expressions("settings"));
    }
}
