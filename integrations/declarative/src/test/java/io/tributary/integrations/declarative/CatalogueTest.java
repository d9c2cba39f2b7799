package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.OAuth2;
import io.tributary.integrations.declarative.Definition.ApiVersion;
import io.tributary.integrations.workbench.certify.ApiDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The page of the shipped files says the same as the files. After a change of a file, write the page anew:
 *
 * <pre>{@code
 * ./mvnw -o -pl integrations/declarative -am verify -Dtest=CatalogueTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dcatalogue.write=true
 * }</pre>
 */
class CatalogueTest {

    private static final Path HOME = Path.of(System.getProperty("tributary.home"));
    private static final Path EXAMPLES = HOME.resolve("integrations/declarative/examples");
    private static final Path PAGE = HOME.resolve("docs/integrations.md");
    private static final String PROVIDER = ".provider.yaml";

    private static final String HEAD = """
        # The integrations that are shipped

        `./tributary up` and the worker image have these integrations. `GET /sync/platforms` lists them with their
        config schemas. `gmail`, `slack`, `github`, `imap`, `ftp`, `smtp`, `apns` and `hello-world` are written in
        Java and have no section here. Of these, `smtp` and `apns` have an action, `send`, with the input of the
        channels below; when interrupted, a person decides. `slack` only reads: `slack-webhook` sends. The others are
        [YAML files](declarative-integrations.md), and this page is generated from them. The first lines of a file name
        the provider's pages that it was written after.

        Each sync type below is certified in the build: it passes the
        [contract](writing-an-integration.md#5-certify-5-minutes) of all integrations, against a simulated provider. The
        simulated provider cannot list the items of a sync type that is *tested by itself*; such a type has a test of
        its own instead. The requests of each action are held against what its provider publishes
        ([`ChannelsIT`](../integrations/declarative/src/test/java/io/tributary/integrations/declarative/ChannelsIT.java)).
        """;

    @Test
    void thePageSaysWhatTheFilesSay() throws Exception {
        String page = page();
        if (Boolean.getBoolean("catalogue.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(page);
    }

    private static String page() throws IOException, InvalidFileException {
        var page = new StringBuilder(HEAD);
        for (Path file : files()) {
            page.append(section(file));
        }
        return page.toString();
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(EXAMPLES)) {
            return all.filter(file -> !file.toString().endsWith(PROVIDER))
                    .sorted()
                    .toList();
        }
    }

    private static String section(Path file) throws IOException, InvalidFileException {
        Definition definition = DeclarativeIntegration.read(file).definition();
        Manifest manifest = definition.manifest();
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("## " + manifest.displayName() + " (`" + manifest.domain() + "`)");
        lines.add("");
        lines.add(definition.description());
        lines.add("");
        lines.add("| | |");
        lines.add("|---|---|");
        lines.add("| file | [`" + file.getFileName() + "`](../integrations/declarative/examples/" + file.getFileName()
                + ") " + manifest.version() + " |");
        lines.add("| credentials | " + credentials(manifest, definition) + " |");
        OAuth2 oauth2 = manifest.oauth2();
        if (oauth2 != null) {
            lines.add("| scopes | " + quoted(oauth2.scopes()) + " |");
        }
        lines.add("| config | " + config(manifest) + " |");
        for (Manifest.SyncType type : manifest.syncTypes()) {
            lines.add("| sync type `" + type.name() + "` | " + syncType(definition, type) + " |");
        }
        for (ActionPlan plan : definition.actions().values()) {
            lines.add("| action `" + plan.action().name() + "` | " + action(plan) + " |");
        }
        lines.add("| limits | " + limits(manifest.limits()) + " |");
        ApiVersion version = definition.constants().apiVersion();
        if (version != null) {
            lines.add("| API version | `" + version.value() + "`" + until(version) + " |");
        }
        if (!manifest.syncTypes().isEmpty()) {
            lacks(manifest.domain()).forEach((what, why) -> lines.add("| " + what + " | " + why + " |"));
        }
        return String.join("\n", lines) + "\n";
    }

    /** The sets of which an account needs one: those of the manifest, or else what the kinds of auth say. */
    private static String credentials(Manifest manifest, Definition definition) {
        JsonNode sets = JsonMapper.shared().readTree(manifest.configSchema()).path("x-credentials");
        if (!sets.isEmpty()) {
            return sets.valueStream()
                    .map(set -> set.valueStream()
                            .map(key -> "`" + key.asString() + "`")
                            .collect(Collectors.joining(" and ")))
                    .collect(Collectors.joining(", or "));
        }
        return definition.auth().stream()
                .map(way -> {
                    var keys = new ArrayList<>(List.of(way.credential()));
                    keys.addAll(way.more().keySet());
                    return quoted(keys).replace("`, `", "` and `");
                })
                .distinct()
                .collect(Collectors.joining(", or "));
    }

    private static String config(Manifest manifest) {
        var schema = JsonMapper.shared().readTree(manifest.configSchema());
        var required = new ArrayList<String>();
        schema.path("required").forEach(key -> required.add(key.asString()));
        List<String> keys = schema.path("properties").propertyNames().stream()
                .sorted()
                .map(key -> "`" + key + (required.contains(key) ? "`" : "`?"))
                .toList();
        return String.join(", ", keys);
    }

    private static String action(ActionPlan plan) {
        var schema = JsonMapper.shared().readTree(plan.action().inputSchema());
        List<String> inputs = schema.path("properties").propertyNames().stream().toList();
        String interrupted = switch (plan.action().repeat()) {
            case KEY -> "sent again with the same key, which the provider ignores";
            case LOOK_UP -> "looked up at the provider";
            case REPEAT -> "sent again, perhaps twice";
            case ASK -> "a person decides (`effects.uncertain`)";
        };
        return "input " + quoted(inputs) + "; when interrupted: " + interrupted;
    }

    private static String syncType(Definition definition, Manifest.SyncType type) throws IOException {
        Definition.SyncPlan plan = definition.syncTypes().get(type.name());
        String every = type.interval().toString().substring(2).toLowerCase(java.util.Locale.ROOT);
        return "every " + every + ": " + quoted(plan == null ? List.of() : plan.streams())
                + (plan != null && plan.listsEverything() ? "; finds deleted items" : "")
                + (certified(definition.domain()).contains(type.name()) ? "" : "; *tested by itself*");
    }

    private static List<String> certified(String domain) throws IOException {
        var types = new ArrayList<String>();
        for (Path file : providers(domain)) {
            String type = ApiDescription.read(file).syncType();
            types.add(type == null ? "default" : type);
        }
        return types;
    }

    /** What the provider lacks, of the default sync type. */
    private static TreeMap<String, String> lacks(String domain) throws IOException {
        var lacks = new TreeMap<String, String>();
        ApiDescription.read(EXAMPLES.resolve(domain + PROVIDER)).without().forEach((feature, reason) -> {
            switch (feature) {
                case CHANGES -> lacks.put("changes are not found", reason);
                case DELETIONS -> lacks.put("deletions are not found", reason);
                case RANGES -> lacks.put("a run over dates reads everything", reason);
                default -> {}
            }
        });
        return lacks;
    }

    private static List<Path> providers(String domain) throws IOException {
        try (Stream<Path> all = Files.list(EXAMPLES)) {
            return all.filter(file -> String.valueOf(file.getFileName()).startsWith(domain + "."))
                    .filter(file -> file.toString().endsWith(PROVIDER))
                    .sorted()
                    .toList();
        }
    }

    private static String limits(Limits limits) {
        String rate = Double.isFinite(limits.requestsPerSecond())
                ? ", " + limits.requestsPerSecond() + " requests a second"
                : "";
        String shared = limits.sharedBy() == Limits.SharedBy.PROVIDER_APP ? ", shared by all accounts" : "";
        return limits.concurrency() + " at a time" + rate + shared;
    }

    private static String until(ApiVersion version) {
        @Nullable Object sunset = version.sunset();
        return sunset == null ? "" : ", until " + sunset;
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }
}
