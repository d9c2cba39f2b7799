package io.tributary.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The rendered chart, together with the manifests of the platform, keeps every rule. */
@HelmRuns
class DeployedTest {

    private static final Map<String, Object> EVERYTHING = Map.ofEntries(
            Map.entry("migrations.useHelmHooks", false),
            Map.entry("scheduler.tls.existingSecret", "sync-example-com-tls"),
            Map.entry("registry.basicAuth.existingSecret", "tributary-registry"),
            Map.entry("oauth.clients[0].domain", "gmail"),
            Map.entry("oauth.clients[0].existingSecret", "gmail-client"),
            Map.entry("oauth.clients[0].clientIdKey", "client-id"),
            Map.entry("oauth.clients[0].clientSecretKey", "client-secret"),
            Map.entry("worker.autoscaling.kind", "hpa"),
            Map.entry("sink.autoscaling.kind", "hpa"),
            Map.entry("kafka.properties.reconnect\\.backoff\\.max\\.ms", "5000"),
            Map.entry("worker.env.TRIBUTARY_WORKER_PROGRESS_DEADLINE", "30m"),
            Map.entry("worker.priorityClassName", "high"),
            Map.entry("worker.pluginDirectories[0]", "/opt/plugins"),
            Map.entry("edge.enabled", true),
            Map.entry("edge.url", "https://hooks.example.com"),
            Map.entry("edge.kafka.existingSecret", "tributary-edge"),
            Map.entry("edge.forwardHeaders", "native"),
            Map.entry("edge.ingress.enabled", true),
            Map.entry("edge.ingress.host", "hooks.example.com"),
            Map.entry("edge.ingress.tlsSecret", "sync-example-com-tls"),
            Map.entry("edge.autoscaling.kind", "hpa"),
            Map.entry(
                    "networkPolicy.webhooksFrom[0].namespaceSelector.matchLabels.kubernetes\\.io/metadata\\.name",
                    "ingress-nginx"),
            Map.entry("tracing.endpoint", "http://otel-collector.observability:4318/v1/traces"),
            Map.entry("tracing.sampling", 0.5),
            Map.entry("tracing.existingSecret", "tributary-tracing"),
            Map.entry(
                    "networkPolicy.tracing.to[0].namespaceSelector.matchLabels.kubernetes\\.io/metadata\\.name",
                    "observability"));

    @ParameterizedTest
    @EnumSource
    void productionKeepsTheRules(Rule rule) {
        assertThat(rule.violations(Deployed.production(Map.of()))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void productionWithMoreFeaturesKeepsTheRules(Rule rule) {
        assertThat(rule.violations(Deployed.production(EVERYTHING))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SECRETS_ARE_KNOWN")
    void productionWithCertificatesOfClientsKeepsTheRules(Rule rule) {
        var certificates = Deployed.production(Map.of("kafka.securityProtocol", "SSL"));

        assertThat(rule.violations(certificates)).isEmpty();
        assertThat(certificates.chart().toString()).contains("spring.kafka.ssl.key-store-password");
    }

    @ParameterizedTest
    @EnumSource
    void developmentKeepsTheRules(Rule rule) {
        assertThat(rule.violations(Deployed.development(Map.of()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            worker.replica              | 3            | additional properties 'replica' not allowed
            kafka.securityProtocol      | TLS          | value must be one of
            kafka.partitions            | 0            | minimum
            postgresql.enabled          | true         | this chart brings no servers
            kafka.enabled               | true         | this chart brings no Kafka
            kafka.bootstrapServers      | ''           | kafka.bootstrapServers must be set
            sink.kafka.existingSecret   | ''           | sink.kafka.existingSecret must be set
            credentials.existingSecret  | ''           | credentials.existingSecret must be set
            edge.enabled                | true         | edge.kafka.existingSecret must be set
            edge.url                    | hooks        | does not match pattern
            worker.threads              | 3            | are more than kafka.partitions
            logging.format              | json         | value must be one of
            tracing.endpoint            | collector    | does not match pattern
            tracing.sampling            | 2            | '/tracing/sampling'
            content.existingClaim       | content      | goes to one of them
            """)
    void valuesThatCannotWorkAreRefused(String key, String value, String message) {
        Object typed = value.matches("\\d+") ? Integer.valueOf(value) : value.equals("true") ? true : value;

        assertThatThrownBy(() -> Deployed.production(Map.of(key, typed))).hasMessageContaining(message);
    }

    @Test
    void aChangedSettingRestartsThePods() {
        assertThat(checksum(Deployed.production(Map.of("worker.env.TRIBUTARY_WORKER_RUN_DEADLINE", "1d"))))
                .isNotEqualTo(checksum(Deployed.production(Map.of())));
    }

    @Test
    void ownObjectsAreRenderedAsTemplates() {
        var rendered = Deployed.development(Map.of(
                "extraObjects[0].apiVersion", "v1",
                "extraObjects[0].kind", "ConfigMap",
                "extraObjects[0].metadata.name", "{{ .Release.Name }}-mine"));

        assertThat(rendered.chart()).extracting(Manifest::title).contains("ConfigMap tributary-mine");
    }

    private static String checksum(Deployed deployed) {
        return deployed.ofKind("StatefulSet")
                .findFirst()
                .orElseThrow()
                .text("spec", "template", "metadata", "annotations", "checksum/config");
    }
}
