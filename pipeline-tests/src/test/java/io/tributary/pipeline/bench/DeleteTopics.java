package io.tributary.pipeline.bench;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** Makes room on the broker. */
final class DeleteTopics {

    private DeleteTopics() {}

    /** Deletes the topics of a prefix, and those that Kafka Streams made beside them. */
    static void startingWith(String prefix, String bootstrapServers) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            List<String> its = admin.listTopics().names().get().stream()
                    .filter(topic -> topic.startsWith(prefix + ".") || topic.startsWith(prefix + "-"))
                    .toList();
            admin.deleteTopics(its).all().get();
        } catch (ExecutionException e) {
            throw new KafkaException("cannot delete the topics " + prefix + ".*", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
