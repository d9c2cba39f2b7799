package io.tributary.scheduler.testing;

import io.tributary.scheduler.kafka.PublishRecords;
import io.tributary.schemas.serde.AvroSerializer;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/** Publishes as the service does. */
public final class Publishing implements AutoCloseable {

    private final DefaultKafkaProducerFactory<String, SpecificRecord> producers;
    private final PublishRecords records;

    private Publishing(Map<String, Object> configs) {
        var serializer = new AvroSerializer<SpecificRecord>();
        serializer.configure(Broker.serdeConfigs(), false);
        producers = new DefaultKafkaProducerFactory<>(configs, new StringSerializer(), serializer, false);
        records = new PublishRecords(new KafkaTemplate<>(producers));
    }

    public static Publishing to(Broker broker) {
        return new Publishing(Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"));
    }

    public static Publishing toNobody() {
        return new Publishing(Map.of("bootstrap.servers", "127.0.0.1:1", "max.block.ms", 200));
    }

    public PublishRecords records() {
        return records;
    }

    @Override
    public void close() {
        producers.destroy();
    }
}
