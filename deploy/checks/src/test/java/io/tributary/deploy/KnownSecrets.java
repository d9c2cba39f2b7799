package io.tributary.deploy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Secrets come from the operators of Kafka and Postgres, whose names and keys their documentation fixes, or are in the
 * table of {@code deploy/README.md}.
 */
final class KnownSecrets implements Function<Deployed, List<String>> {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\| ((?:`[a-z0-9.-]+`(?:, )?)+) \\|");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private record Use(String by, String secret, String key) {}

    @Override
    public List<String> apply(Deployed deployed) {
        Map<String, Set<String>> known = documented();
        madeByOperators(deployed, known);
        return uses(deployed)
                .filter(use -> !known.getOrDefault(use.secret(), Set.of()).contains(use.key()))
                .map(use -> use.by() + ": nobody makes the key " + use.key() + " of the secret " + use.secret())
                .toList();
    }

    static Map<String, Set<String>> documented() {
        var known = new HashMap<String, Set<String>>();
        var rows = ROW.matcher(Deployed.read(Deployed.README));
        while (rows.find()) {
            known.put(
                    rows.group(1),
                    CODE.matcher(rows.group(2))
                            .results()
                            .map(code -> code.group(1))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
        return known;
    }

    private static void madeByOperators(Deployed deployed, Map<String, Set<String>> known) {
        deployed.ofKind("KafkaUser").forEach(user -> known.put(user.name(), Set.of("password", "sasl.jaas.config")));
        deployed.ofKind("Kafka")
                .forEach(kafka ->
                        known.put(kafka.name() + "-cluster-ca-cert", Set.of("ca.crt", "ca.p12", "ca.password")));
        deployed.ofKind("Cluster").forEach(postgres -> {
            known.put(postgres.name() + "-app", Set.of("username", "password"));
            known.put(postgres.name() + "-ca", Set.of("ca.crt"));
        });
    }

    private static Stream<Use> uses(Deployed deployed) {
        var uses = new ArrayList<Use>();
        for (Manifest manifest : deployed.all()) {
            manifest.pod().ifPresent(pod -> {
                pod.containers().forEach(container -> ofVariables(pod.owner(), container, uses));
                pod.volumes().forEach(volume -> ofVolume(pod.owner(), volume, uses));
            });
            for (var tls : manifest.list("spec", "tls")) {
                Stream.of("tls.crt", "tls.key")
                        .forEach(key -> uses.add(new Use(manifest.title(), text(tls.get("secretName")), key)));
            }
            for (var role : manifest.list("spec", "managed", "roles")) {
                String secret = text(Manifest.within(role, "passwordSecret", "name"));
                Stream.of("username", "password").forEach(key -> uses.add(new Use(manifest.title(), secret, key)));
            }
        }
        return uses.stream();
    }

    private static void ofVariables(String owner, Map<String, Object> container, List<Use> uses) {
        for (var variable : Manifest.asList(container.get("env"))) {
            Object name = Manifest.within(variable, "valueFrom", "secretKeyRef", "name");
            if (name != null) {
                Object key = Manifest.within(variable, "valueFrom", "secretKeyRef", "key");
                uses.add(new Use(owner, text(name), text(key)));
            }
        }
    }

    private static void ofVolume(String owner, Map<String, Object> volume, List<Use> uses) {
        var secret = Manifest.asMap(volume.get("secret"));
        for (var item : Manifest.asList(secret.get("items"))) {
            uses.add(new Use(owner, text(secret.get("secretName")), text(item.get("key"))));
        }
        for (var source : Manifest.asList(Manifest.within(volume, "projected", "sources"))) {
            var projected = Manifest.asMap(source.get("secret"));
            for (var item : Manifest.asList(projected.get("items"))) {
                uses.add(new Use(owner, text(projected.get("name")), text(item.get("key"))));
            }
        }
    }

    private static String text(@Nullable Object value) {
        return Objects.toString(value, "");
    }
}
