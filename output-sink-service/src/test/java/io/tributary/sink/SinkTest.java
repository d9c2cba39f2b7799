package io.tributary.sink;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;

/** A test of the application on real Kafka, Postgres and schema registry, with topics and a database of its own. */
abstract class SinkTest {

    static final Duration PATIENCE = Duration.ofMinutes(2);

    @AutoClose
    final SinkTopics topics = new SinkTopics();

    @AutoClose
    final SinkDatabase database = SinkDatabase.create();

    final String group = "sink-" + UUID.randomUUID();
}
