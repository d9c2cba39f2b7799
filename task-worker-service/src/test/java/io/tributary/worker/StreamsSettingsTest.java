package io.tributary.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

class StreamsSettingsTest {

    @Test
    void takesSecurityAndClientSettingsFromSpring() {
        var kafka = new KafkaProperties();
        kafka.setBootstrapServers(List.of("one:9092", "two:9092"));
        kafka.setClientId("worker-7");
        kafka.getSecurity().setProtocol("SASL_SSL");
        kafka.getProperties().put("sasl.mechanism", "SCRAM-SHA-256");

        Properties settings = settings(kafka);

        assertThat(settings.get("bootstrap.servers")).isEqualTo(List.of("one:9092", "two:9092"));
        assertThat(settings)
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-256")
                .containsEntry("client.id", "worker-7");
    }

    @Test
    void letsMeasuredValuesBeTunedAndKeepsWhatTheGuaranteesRestOn() {
        var kafka = new KafkaProperties();
        kafka.getStreams()
                .getProperties()
                .putAll(Map.of(
                        "commit.interval.ms", "100",
                        "processing.guarantee", "at_least_once",
                        "application.id", "another",
                        "replication.factor", "1"));

        Properties settings = settings(kafka);

        assertThat(settings)
                .containsEntry("commit.interval.ms", "100")
                .containsEntry("processing.guarantee", StreamsConfig.EXACTLY_ONCE_V2)
                .containsEntry("application.id", "sync-task-worker")
                .containsEntry("replication.factor", 3)
                .containsEntry("topic.min.insync.replicas", "2");
    }

    private static Properties settings(KafkaProperties kafka) {
        var worker = new Binder(new MapConfigurationPropertySource(Map.of(
                        "tributary.schema-registry.url", "http://one", "tributary.credentials.keyset", "/keyset")))
                .bindOrCreate("tributary", WorkerProperties.class);
        return StreamsSettings.of(kafka, worker, worker.topics().replicationFactor());
    }
}
