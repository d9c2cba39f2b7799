package io.tributary.schemas.serde;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro records in the Confluent wire format: into the generated class of the record's full name, or into generic
 * records. Older and newer schemas of the same record are resolved to the class's own. Thread safe once configured.
 *
 * <p>Properties: {@code schema.registry.url}, {@code basic.auth.user.info}, {@code specific.avro.reader} [true],
 * {@code tributary.serde} [own]. The serde calls the registry at the first record of a schema, on the calling thread;
 * when it does not
 * answer, for at most 30 s a replica. What a failure makes the caller do:
 *
 * <ul>
 *   <li>{@link org.apache.kafka.common.errors.SerializationException}: this record will never be read, dead-letter it.
 *       No bytes, however made, fail in another way, or take memory out of proportion to their number.
 *   <li>A retriable {@link org.apache.kafka.common.errors.TimeoutException}: the registry does not answer, read the
 *       record again later.
 *   <li>{@link ConfigException} or {@link org.apache.kafka.common.errors.AuthenticationException}: the URL or the
 *       credentials of the registry are wrong. The record may be fine: stop, rather than dead-letter it.
 * </ul>
 *
 * @param <T> the records
 */
public final class AvroDeserializer<T> implements Deserializer<T> {

    private volatile @Nullable Deserializer<T> implementation;

    /**
     * To be called before the first use; a second call replaces the settings.
     *
     * @throws ConfigException when {@code schema.registry.url} is missing, or a value is not one of those it takes
     */
    @Override
    public void configure(Map<String, ?> properties, boolean isKey) {
        implementation = Implementation.of(properties).deserializer(properties, isKey);
    }

    @Override
    @SuppressWarnings("NullAway") // Kafka's contract: null is read as null
    public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
        Deserializer<T> configured = implementation;
        if (configured == null) {
            throw new ConfigException("the deserializer is used before it is configured");
        }
        return configured.deserialize(topic, bytes);
    }

    @Override
    public void close() {
        if (implementation != null) {
            implementation.close();
        }
    }
}
