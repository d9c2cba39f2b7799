package io.tributary.schemas.serde;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The implementation of the serde: the property {@code tributary.serde}, or else the system property of that name;
 * {@code own} by default.
 */
enum Implementation {

    /** Ours. */
    OWN {
        @Override
        <T> Serializer<T> serializer(Map<String, ?> properties, boolean isKey) {
            return new RecordSerializer<>(SerdeConfig.of(properties, isKey));
        }

        @Override
        <T> Deserializer<T> deserializer(Map<String, ?> properties, boolean isKey) {
            return new RecordDeserializer<>(SerdeConfig.of(properties, isKey));
        }
    },

    /** Confluent's, which must be on the class path: build with {@code -Pconfluent}. */
    CONFLUENT {
        @Override
        <T> Serializer<T> serializer(Map<String, ?> properties, boolean isKey) {
            Serializer<T> serializer = create("io.confluent.kafka.serializers.KafkaAvroSerializer");
            serializer.configure(confluent(properties, isKey), isKey);
            return serializer;
        }

        @Override
        <T> Deserializer<T> deserializer(Map<String, ?> properties, boolean isKey) {
            Deserializer<T> deserializer = create("io.confluent.kafka.serializers.KafkaAvroDeserializer");
            deserializer.configure(confluent(properties, isKey), isKey);
            return deserializer;
        }
    };

    private static final String PROPERTY = "tributary.serde";
    private static final String STRATEGIES = "io.confluent.kafka.serializers.subject.";

    /** @throws ConfigException when it is neither of the two */
    static Implementation of(Map<String, ?> properties) {
        Object given = properties.get(PROPERTY);
        String name = given != null ? given.toString() : System.getProperty(PROPERTY, "own");
        return switch (name) {
            case "own" -> OWN;
            case "confluent" -> CONFLUENT;
            default -> throw new ConfigException(PROPERTY, name, "use own or confluent");
        };
    }

    abstract <T> Serializer<T> serializer(Map<String, ?> properties, boolean isKey);

    abstract <T> Deserializer<T> deserializer(Map<String, ?> properties, boolean isKey);

    /** The same properties with our defaults, where they are not Confluent's. */
    private static Map<String, Object> confluent(Map<String, ?> properties, boolean isKey) {
        var all = new HashMap<String, Object>(properties);
        all.putIfAbsent("specific.avro.reader", true);
        if (all.containsKey("basic.auth.user.info")) {
            all.putIfAbsent("basic.auth.credentials.source", "USER_INFO");
        }
        String strategy = isKey ? "key.subject.name.strategy" : "value.subject.name.strategy";
        all.putIfAbsent(strategy, "RecordNameStrategy");
        if (all.get(strategy) instanceof String name && !name.contains(".")) {
            all.put(strategy, STRATEGIES + name);
        }
        return all;
    }

    @SuppressWarnings("unchecked") // Confluent's classes take and give any record
    private static <S> S create(String className) {
        @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
        try {
            return (S) Class.forName(className, true, context != null ? context : Implementation.class.getClassLoader())
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            var failure = new ConfigException(
                    PROPERTY + "=confluent needs Confluent's serializer on the class path: build with -Pconfluent");
            failure.initCause(e);
            throw failure;
        }
    }
}
