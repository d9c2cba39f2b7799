package io.tributary.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.schemas.Task;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class ImplementationTest {

    @Test
    void isOursUnlessTold() {
        assertThat(Implementation.of(Map.of())).isEqualTo(Implementation.OWN);
        assertThat(Implementation.of(Map.of("tributary.serde", "confluent"))).isEqualTo(Implementation.CONFLUENT);
        assertThatThrownBy(() -> Implementation.of(Map.of("tributary.serde", "apicurio")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("use own or confluent");
    }

    @Test
    void tellsHowToGetConfluentsClassesWhereTheyAreMissing() {
        var properties = Map.of("schema.registry.url", "http://one", "tributary.serde", "confluent");
        try (var serializer = new AvroSerializer<Task>()) {
            assertThatThrownBy(() -> serializer.configure(properties, false))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("build with -Pconfluent");
        }
    }

    @Test
    void asksToBeConfiguredFirst() {
        try (var serializer = new AvroSerializer<Task>();
                var deserializer = new AvroDeserializer<Task>()) {
            assertThatThrownBy(() -> serializer.serialize("t", new Task())).isInstanceOf(ConfigException.class);
            assertThatThrownBy(() -> deserializer.deserialize("t", new byte[5])).isInstanceOf(ConfigException.class);
        }
    }
}
