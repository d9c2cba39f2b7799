package io.tributary.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.Publishing;
import io.tributary.schemas.Command;
import io.tributary.schemas.Control;
import java.time.Clock;
import java.util.UUID;
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
        try (var publishing = Publishing.to(broker)) {
            var send = sending(publishing);
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
        try (var nobody = Publishing.toNobody();
                var publishing = Publishing.to(broker)) {
            new CommandWorkers(database.jdbc(), sending(nobody), _ -> {}, Clock.systemUTC()).pause(account);

            sending(nobody).run();
            assertThat(waiting()).isEqualTo(1);
            sending(publishing).run();

            assertThat(waiting()).isZero();
            assertThat(broker.<Control>read(broker.topics().control())).hasSize(1);
        }
    }

    @Test
    void isGoneWithTheChangeThatWasRolledBack() {
        try (var nobody = Publishing.toNobody()) {
            var command = new CommandWorkers(database.jdbc(), sending(nobody), _ -> {}, Clock.systemUTC());

            database.transaction().executeWithoutResult(status -> {
                command.purge(account);
                status.setRollbackOnly();
            });
        }

        assertThat(waiting()).isZero();
    }

    private SendCommands sending(Publishing publishing) {
        var publish = new PublishOutbox(database.jdbc(), database.transaction(), publishing.records());
        return new SendCommands(database.jdbc(), publish, broker.topics());
    }

    private long waiting() {
        return database.count("select count(*) from worker_command");
    }
}
