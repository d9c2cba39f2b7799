package io.tributary.worker.plugins;

import io.tributary.integrations.api.Manifest;
import io.tributary.schemas.IntegrationManifest;
import io.tributary.worker.engine.Wire;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Tells the scheduler which integrations this worker can run, at start. Telling it again is harmless. */
public final class AnnounceManifests {

    private final Wire wire;
    private final Clock clock;

    public AnnounceManifests(Wire wire, Clock clock) {
        this.wire = wire;
        this.clock = clock;
    }

    /** @throws KafkaException when the broker does not take them */
    public void announce(Plugins plugins, Producer<String, byte[]> producer) {
        var sent = new ArrayList<Future<?>>();
        for (Plugin plugin : plugins.all()) {
            Manifest manifest = plugin.manifest();
            var message = new IntegrationManifest(
                    manifest.domain(),
                    manifest.version(),
                    ManifestJson.of(manifest, plugin.connects()),
                    clock.instant().truncatedTo(ChronoUnit.MILLIS));
            String topic = wire.topics().integrations();
            sent.add(producer.send(new ProducerRecord<>(topic, manifest.domain(), wire.encode(topic, message))));
        }
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
