package io.tributary.schemas.serde;

import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Under which subject a schema is registered: Confluent's three strategies. */
@FunctionalInterface
interface SubjectNames {

    String subject(String topic, Schema schema);

    /**
     * The strategy of a name.
     *
     * @param name such as {@code RecordNameStrategy}, or Confluent's class name {@code
     *     io.confluent.kafka.serializers.subject.RecordNameStrategy}; null: by record name
     * @throws ConfigException when it is not one of the three
     */
    static SubjectNames of(@Nullable String name, boolean isKey) {
        String strategy =
                name == null ? "RecordNameStrategy" : name.replace("io.confluent.kafka.serializers.subject.", "");
        return switch (strategy) {
            case "RecordNameStrategy" -> (topic, schema) -> schema.getFullName();
            case "TopicRecordNameStrategy" -> (topic, schema) -> topic + "-" + schema.getFullName();
            case "TopicNameStrategy" -> (topic, schema) -> topic + (isKey ? "-key" : "-value");
            default ->
                throw new ConfigException("subject name strategy " + name
                        + " is not known: use RecordNameStrategy, TopicRecordNameStrategy or TopicNameStrategy");
        };
    }
}
