package io.tributary.worker.plugins;

import io.tributary.integrations.api.Manifest;
import io.tributary.schemas.IntegrationManifest;
import io.tributary.worker.codec.MessageCodec;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces the integrations of this worker to the scheduler, at start. A repetition is harmless. The manifest of a
 * newer version stays: during a roll-out, old workers start again as well.
 *
 * @param older whether to announce a manifest although a newer version was announced
 */
public record AnnounceManifests(MessageCodec codec, boolean older, Clock clock) {

    private static final Logger log = LoggerFactory.getLogger(AnnounceManifests.class);
    private static final Duration POLL = Duration.ofMillis(200);

    /** @throws KafkaException when the broker does not accept them */
    public void announce(Plugins plugins, Producer<String, byte[]> producer, Consumer<String, byte[]> consumer) {
        Map<String, String> announced = older ? Map.of() : announcedVersions(consumer);
        String topic = codec.topics().integrations();
        var sent = new ArrayList<Future<?>>();
        for (Plugin plugin : plugins.all()) {
            Manifest manifest = plugin.manifest();
            String present = announced.get(manifest.domain());
            if (present != null && CompareVersions.INSTANCE.compare(present, manifest.version()) > 0) {
                log.warn(
                        "polling.manifestOlder: a newer manifest stays announced domain={} version={} announced={}",
                        manifest.domain(),
                        manifest.version(),
                        present);
                continue;
            }
            var message = new IntegrationManifest(
                    manifest.domain(),
                    manifest.version(),
                    ManifestJson.of(manifest, plugin.connects()),
                    clock.instant().truncatedTo(ChronoUnit.MILLIS));
            sent.add(producer.send(new ProducerRecord<>(topic, manifest.domain(), codec.encode(topic, message))));
        }
        await(sent);
    }

    /** The versions on the topic, by domain. */
    private Map<String, String> announcedVersions(Consumer<String, byte[]> consumer) {
        var partitions = consumer.partitionsFor(codec.topics().integrations()).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        var versions = new HashMap<String, String>();
        while (partitions.stream()
                .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
            for (var record : consumer.poll(POLL)) {
                if (record.value() == null) {
                    versions.remove(record.key());
                    continue;
                }
                try {
                    versions.put(
                            record.key(), codec.decodeManifest(record.value()).getVersion());
                } catch (SerializationException e) {
                    log.warn("polling.manifestUnreadable: it will be replaced domain={}", record.key(), e);
                }
            }
        }
        return versions;
    }

    private static void await(List<Future<?>> sent) {
        try {
            for (Future<?> each : sent) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new KafkaException("cannot announce the integrations", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
