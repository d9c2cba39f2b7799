package io.tributary.deploy;

import static io.tributary.deploy.Change.remove;
import static io.tributary.deploy.Change.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each mistake in what is deployed is found by the rule that is for it. */
@HelmRuns
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MistakesAreFoundTest {

    private static final String SCHEDULER = "Deployment tributary-scheduler";
    private static final String SINK = "Deployment tributary-sink";
    private static final String WORKER = "StatefulSet tributary-worker";
    private static final String CONTAINER = "spec/template/spec/containers/0/";
    private static final Deployed PRODUCTION =
            HelmRuns.Here.SUPPORTED ? Deployed.production(Map.of()) : new Deployed(List.of(), List.of());

    static Stream<Arguments> mistakes() {
        return Stream.of(
                        objects(),
                        probes(),
                        settings(),
                        secrets(),
                        references(),
                        kafka(),
                        connections(),
                        pods(),
                        others())
                .flatMap(mistakes -> mistakes);
    }

    private static Stream<Arguments> objects() {
        Rule rule = Rule.OBJECTS_ARE_VALID;
        return Stream.of(
                arguments(rule, "a misspelt field", set(SINK, Map.of(), CONTAINER + "readynessProbe")),
                arguments(rule, "no selector", set(SINK, null, "spec/selector")),
                arguments(rule, "text as a number", set(SINK, "soon", CONTAINER + "livenessProbe/periodSeconds")),
                arguments(rule, "an old API", set("KafkaTopic sync.tasks", "kafka.strimzi.io/v1beta2", "apiVersion")),
                arguments(rule, "a misspelt field of Strimzi", set("Kafka tributary", 3, "spec/kafka/replica")),
                arguments(
                        rule,
                        "an unknown listener",
                        set("Kafka tributary", "loadbalancr", "spec/kafka/listeners/0/type")),
                arguments(
                        rule,
                        "a number of KEDA as text",
                        set("ScaledObject tributary-worker", "many", "spec/maxReplicaCount")),
                arguments(
                        rule,
                        "a misspelt field of CloudNativePG",
                        set("Cluster tributary-postgres", 3, "spec/instance")),
                arguments(
                        rule,
                        "an interval without unit",
                        set("ServiceMonitor tributary", "30", "spec/endpoints/0/interval")));
    }

    private static Stream<Arguments> probes() {
        Rule rule = Rule.PROBES_ARE_SERVED;
        return Stream.of(
                arguments(
                        rule,
                        "a path that is not served",
                        set(SINK, "/health", CONTAINER + "livenessProbe/httpGet/path")),
                arguments(
                        rule,
                        "readiness as liveness",
                        set(WORKER, "/actuator/health/readiness", CONTAINER + "livenessProbe/httpGet/path")),
                arguments(
                        rule, "the port of the API", set(SCHEDULER, "api", CONTAINER + "readinessProbe/httpGet/port")),
                arguments(rule, "no startup probe", set(WORKER, null, CONTAINER + "startupProbe")),
                arguments(
                        rule,
                        "another management port",
                        set("ConfigMap tributary-sink", "9999", "data/MANAGEMENT_SERVER_PORT")),
                arguments(
                        rule,
                        "metrics elsewhere",
                        set("ServiceMonitor tributary", "/metrics", "spec/endpoints/0/path")));
    }

    private static Stream<Arguments> settings() {
        Rule rule = Rule.SETTINGS_ARE_READ;
        return Stream.of(
                arguments(
                        rule,
                        "a misspelt setting",
                        set("ConfigMap tributary-worker", "2", "data/TRIBUTARY_WORKER_THREAD")),
                arguments(
                        rule,
                        "a setting of another service",
                        set("ConfigMap tributary-sink", "2", "data/TRIBUTARY_WORKER_THREADS")),
                arguments(
                        rule,
                        "a misspelt setting of Spring",
                        set("ConfigMap tributary-sink", "x", "data/SPRING_DATASOURCE_URI")),
                arguments(
                        rule,
                        "a misspelt file",
                        set(
                                SINK,
                                "spring.datasource.passwort",
                                "spec/template/spec/volumes/1/projected/sources/0/secret/items/0/path")),
                arguments(
                        rule,
                        "secrets mounted elsewhere",
                        set(SINK, "/etc/secrets", CONTAINER + "volumeMounts/1/mountPath")));
    }

    private static Stream<Arguments> secrets() {
        Rule rule = Rule.SECRETS_ARE_KNOWN;
        return Stream.of(
                arguments(
                        rule,
                        "an unknown secret",
                        set(WORKER, "keyset", "spec/template/spec/volumes/3/secret/secretName")),
                arguments(
                        rule,
                        "an unknown key",
                        set("Deployment kafka-ui", "password.txt", CONTAINER + "env/2/valueFrom/secretKeyRef/key")),
                arguments(rule, "a user without a secret", remove("KafkaUser tributary-sink")),
                arguments(
                        rule,
                        "a login without a password",
                        set("Cluster tributary-postgres", "nobody", "spec/managed/roles/0/passwordSecret/name")));
    }

    private static Stream<Arguments> references() {
        Rule rule = Rule.REFERENCES_EXIST;
        return Stream.of(
                arguments(rule, "no ConfigMap", remove("ConfigMap tributary-sink")),
                arguments(rule, "no volume", set(SINK, null, "spec/template/spec/volumes/0")),
                arguments(rule, "no service account", remove("ServiceAccount tributary-worker")),
                arguments(
                        rule,
                        "a file that is not mounted",
                        set(
                                "ConfigMap tributary-worker",
                                "/etc/tributary/keyset.json",
                                "data/TRIBUTARY_CREDENTIALS_KEYSET")),
                arguments(
                        rule,
                        "an unknown broker",
                        set("ConfigMap tributary-sink", "kafka:9092", "data/SPRING_KAFKA_BOOTSTRAP_SERVERS")),
                arguments(
                        rule,
                        "an unknown port of the registry",
                        set(
                                "ConfigMap tributary-sink",
                                "http://apicurio-registry:8081/apis/ccompat/v7",
                                "data/TRIBUTARY_SCHEMA_REGISTRY_URL")),
                arguments(
                        rule,
                        "an autoscaler of nothing",
                        set("ScaledObject tributary-sink", "tributary-sinks", "spec/scaleTargetRef/name")));
    }

    private static Stream<Arguments> kafka() {
        Rule rule = Rule.TOPICS_AND_RIGHTS_ARE_THE_CONTRACT;
        return Stream.of(
                arguments(rule, "a topic is missing", remove("KafkaTopic sync.control")),
                arguments(rule, "another retention", set("KafkaTopic sync.output", 1000, "spec/config/retention.ms")),
                arguments(rule, "other partitions", set("KafkaTopic sync.tasks", 12, "spec/partitions")),
                arguments(
                        rule,
                        "a right too many",
                        set(
                                "KafkaUser tributary-kafka-ui",
                                List.of("Read", "Write"),
                                "spec/authorization/acls/1/operations")),
                arguments(
                        rule, "a right too few", set("KafkaUser tributary-worker", null, "spec/authorization/acls/1")));
    }

    private static Stream<Arguments> connections() {
        Rule rule = Rule.CONNECTIONS_ARE_NEEDED;
        return Stream.of(
                arguments(rule, "nothing is denied", remove("NetworkPolicy tributary-migrations")),
                arguments(
                        rule,
                        "a peer for everybody",
                        set("NetworkPolicy tributary-scheduler", List.of(), "spec/ingress/0/from")),
                arguments(
                        rule,
                        "traces that cannot be sent",
                        set(
                                "ConfigMap tributary-sink",
                                "http://otel-collector.observability:4318/v1/traces",
                                "data/TRIBUTARY_TRACING_ENDPOINT")),
                arguments(rule, "no way to Kafka", set("NetworkPolicy tributary-sink", null, "spec/egress/1")),
                arguments(
                        rule,
                        "the metadata service",
                        set("NetworkPolicy tributary-worker", null, "spec/egress/4/to/0/ipBlock/except")),
                arguments(
                        rule,
                        "no way from the worker",
                        set("Kafka tributary", null, "spec/kafka/listeners/0/networkPolicyPeers/1")),
                arguments(rule, "the registry for everybody", remove("NetworkPolicy apicurio-registry")));
    }

    private static Stream<Arguments> pods() {
        Rule rule = Rule.PODS_ARE_RESTRICTED;
        return Stream.of(
                arguments(rule, "root", set(SINK, 0, "spec/template/spec/securityContext/runAsUser")),
                arguments(
                        rule,
                        "a writable root",
                        set(WORKER, false, CONTAINER + "securityContext/readOnlyRootFilesystem")),
                arguments(rule, "capabilities", set(WORKER, null, CONTAINER + "securityContext/capabilities")),
                arguments(
                        rule,
                        "no seccomp profile",
                        set(SCHEDULER, null, "spec/template/spec/securityContext/seccompProfile")),
                arguments(
                        rule,
                        "a folder of the host",
                        set(
                                SINK,
                                Map.of("name", "host", "hostPath", Map.of("path", "/")),
                                "spec/template/spec/volumes/9")),
                arguments(rule, "unbounded memory", set(SINK, null, CONTAINER + "resources/limits")),
                arguments(
                        rule,
                        "the latest image",
                        set("Deployment kafka-ui", "kafbat/kafka-ui:latest", CONTAINER + "image")));
    }

    private static Stream<Arguments> others() {
        return Stream.of(
                arguments(
                        Rule.DISRUPTIONS_ARE_BOUNDED,
                        "a budget of all pods",
                        set("PodDisruptionBudget tributary-worker", 3, "spec/maxUnavailable")),
                arguments(Rule.DISRUPTIONS_ARE_BOUNDED, "no budget", remove("PodDisruptionBudget tributary-sink")),
                arguments(Rule.DISRUPTIONS_ARE_BOUNDED, "replicas beside an autoscaler", set(SINK, 3, "spec/replicas")),
                arguments(
                        Rule.SELECTORS_MATCH,
                        "a budget of other pods",
                        set(
                                "PodDisruptionBudget tributary-sink",
                                "sinks",
                                "spec/selector/matchLabels/app.kubernetes.io~component")),
                arguments(
                        Rule.SELECTORS_MATCH,
                        "a service of all pods",
                        set("Service tributary-sink", null, "spec/selector/app.kubernetes.io~component")),
                arguments(
                        Rule.SELECTORS_MATCH,
                        "a port without a name",
                        set("Service tributary-scheduler", "http", "spec/ports/0/targetPort")),
                arguments(
                        Rule.SELECTORS_MATCH,
                        "a monitor of other ports",
                        set("ServiceMonitor tributary", "metrics", "spec/endpoints/0/port")),
                arguments(Rule.WORKERS_ARE_STABLE, "workers without a name", set(WORKER, null, CONTAINER + "env/0")),
                arguments(
                        Rule.WORKERS_ARE_STABLE,
                        "state in /tmp",
                        set("ConfigMap tributary-worker", "/tmp/state", "data/TRIBUTARY_WORKER_STATE_DIRECTORY")),
                arguments(
                        Rule.WORKERS_ARE_STABLE,
                        "one after the other",
                        set(WORKER, "OrderedReady", "spec/podManagementPolicy")),
                arguments(
                        Rule.WORKERS_ARE_STABLE,
                        "more threads than partitions",
                        set("ScaledObject tributary-worker", 13, "spec/maxReplicaCount")),
                arguments(
                        Rule.WORKERS_ARE_STABLE,
                        "different partitions",
                        set("ConfigMap tributary-sink", "12", "data/TRIBUTARY_TOPICS_PARTITIONS")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("mistakes")
    void isFound(Rule rule, String mistake, UnaryOperator<Deployed> make) {
        var found = new ArrayList<>(rule.violations(make.apply(PRODUCTION)));
        found.removeAll(rule.violations(PRODUCTION));

        assertThat(found).as(mistake).isNotEmpty();
    }
}
