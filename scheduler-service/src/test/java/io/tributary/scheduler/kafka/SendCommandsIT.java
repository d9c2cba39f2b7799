package io.tributary.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.schemas.Command;
import io.tributary.schemas.Control;
import io.tributary.schemas.serde.AvroSerializer;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is committed is sent, in order, whatever was away in between. */
class SendCommandsIT {

    private final Broker broker = Broker.create();
    private final UUID account = UUID.randomUUID();
    private Database database;

    @SuppressWarnings("NullAway.Init") // migrate() sets it
    SendCommandsIT() {}

    @BeforeEach
    void migrate() {
        database = Database.migrated();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void sendsInTheOrderInWhichTheyWereGiven() {
        try (Producer<String, SpecificRecord> producer = broker.producer()) {
            var send = sending(producer);
            var command = new CommandWorkers(database.jdbc(), send, _ -> {}, Clock.systemUTC());
            command.pause(account);
            command.resume(account);
            command.credentialsChanged(account);

            send.run();

            assertThat(broker.<Control>read(broker.topics().control()))
                    .extracting(record -> record.value().getCommand())
                    .containsExactly(Command.pause, Command.resume, Command.credentials_changed);
            assertThat(waiting()).isZero();
        }
    }

    @Test
    void keepsWhatTheBrokerDidNotTakeForTheNextTime() {
        try (Producer<String, SpecificRecord> nobody = unreachable();
                Producer<String, SpecificRecord> producer = broker.producer()) {
            new CommandWorkers(database.jdbc(), sending(nobody), _ -> {}, Clock.systemUTC()).pause(account);

            sending(nobody).run();
            assertThat(waiting()).isEqualTo(1);
            sending(producer).run();

            assertThat(waiting()).isZero();
            assertThat(broker.<Control>read(broker.topics().control())).hasSize(1);
        }
    }

    @Test
    void isGoneWithTheChangeThatWasRolledBack() {
        var command = new CommandWorkers(database.jdbc(), sending(unreachable()), _ -> {}, Clock.systemUTC());

        database.transaction().executeWithoutResult(status -> {
            command.purge(account);
            status.setRollbackOnly();
        });

        assertThat(waiting()).isZero();
    }

    private SendCommands sending(Producer<String, SpecificRecord> producer) {
        return new SendCommands(
                database.jdbc(),
                database.transaction(),
                producer,
                broker.topics().control());
    }

    private long waiting() {
        return database.count("select count(*) from worker_command");
    }

    private static Producer<String, SpecificRecord> unreachable() {
        var serializer = new AvroSerializer<SpecificRecord>();
        serializer.configure(Broker.serdeConfigs(), false);
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:1", "max.block.ms", "200"), new StringSerializer(), serializer);
    }
}
