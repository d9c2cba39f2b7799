package io.tributary.schemas.serde;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes Avro records, generated or generic, in the Confluent wire format. Thread safe once configured.
 *
 * <p>Properties: {@code schema.registry.url}, {@code basic.auth.user.info}, {@code auto.register.schemas} [true],
 * {@code use.latest.version} [false], {@code value.subject.name.strategy} [RecordNameStrategy],
 * {@code tributary.serde} [own].
 * The serde calls the registry at the first record of a schema on a topic, on the calling thread; when it does not
 * answer, for at most 30 s a replica. What a failure makes the caller do:
 *
 * <ul>
 *   <li>{@link org.apache.kafka.common.errors.SerializationException}: the record does not fit its schema, or the
 *       schema is not registered and must not be.
 *   <li>A retriable {@link org.apache.kafka.common.errors.TimeoutException}: the registry does not answer, try again
 *       later.
 *   <li>{@link org.apache.kafka.common.errors.InvalidConfigurationException}: the registry rejects the schema as
 *       incompatible with earlier ones; deploy a compatible one.
 *   <li>{@link ConfigException} or {@link org.apache.kafka.common.errors.AuthenticationException}: the URL or the
 *       credentials of the registry are wrong.
 * </ul>
 *
 * @param <T> the records
 */
public final class AvroSerializer<T> implements Serializer<T> {

    private volatile @Nullable Serializer<T> implementation;

    /**
     * To be called before the first use; a second call replaces the settings.
     *
     * @throws ConfigException when {@code schema.registry.url} is missing, or a value is not one of those it takes
     */
    @Override
    public void configure(Map<String, ?> properties, boolean isKey) {
        implementation = Implementation.of(properties).serializer(properties, isKey);
    }

    @Override
    @SuppressWarnings("NullAway") // Kafka's contract: null is written as null
    public byte @Nullable [] serialize(String topic, @Nullable T record) {
        Serializer<T> configured = implementation;
        if (configured == null) {
            throw new ConfigException("the serializer is used before it is configured");
        }
        return configured.serialize(topic, record);
    }

    @Override
    public void close() {
        if (implementation != null) {
            implementation.close();
        }
    }
}
