package io.tributary.sink.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.schemas.Output;
import io.tributary.sink.outage.Unavailable;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadMessageTest {

    private static final ConsumerRecord<byte[], byte[]> RECORD =
            new ConsumerRecord<>("output", 1, 7, new byte[0], new byte[] {1});

    @Test
    void readsWhatTheDeserializerReads() throws Unreadable {
        var output = new Output();

        assertThat(reading(output).of(RECORD)).isSameAs(output);
    }

    @Test
    void waitsForARegistryThatIsAway() {
        assertThatThrownBy(() -> failing(new TimeoutException("away")).of(RECORD))
                .isInstanceOfSatisfying(
                        Unavailable.class, e -> assertThat(e.what()).isEqualTo("schema registry"));
    }

    @Test
    void waitsForARegistryThatLetsNobodyIn() {
        assertThatThrownBy(() -> failing(new AuthorizationException("no")).of(RECORD))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void findsBytesUnreadableThatAreNoMessage() {
        assertThatThrownBy(() -> failing(new SerializationException("garbage")).of(RECORD))
                .isInstanceOf(Unreadable.class);
        assertThatThrownBy(() -> failing(new IllegalStateException("odd bytes")).of(RECORD))
                .isInstanceOf(Unreadable.class);
        assertThatThrownBy(() -> reading(null).of(RECORD)).isInstanceOf(Unreadable.class);
    }

    @SuppressWarnings("NullAway") // Kafka's contract: null is read as null
    private static ReadMessage reading(@Nullable SpecificRecord message) {
        return new ReadMessage((topic, bytes) -> message);
    }

    private static ReadMessage failing(RuntimeException failure) {
        Deserializer<SpecificRecord> deserializer = (topic, bytes) -> {
            Objects.requireNonNull(topic);
            throw failure;
        };
        return new ReadMessage(deserializer);
    }
}
