package io.tributary.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.schemas.Task;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SerdeConfigTest {

    @Test
    void registersAndReadsGeneratedClassesByRecordNameUnlessTold() {
        var config = SerdeConfig.of(Map.of("schema.registry.url", "http://one"), false);

        assertThat(config.autoRegister()).isTrue();
        assertThat(config.useLatest()).isFalse();
        assertThat(config.specific()).isTrue();
        assertThat(config.registry().authorization()).isNull();
        assertThat(config.subjectNames().subject("topic", Task.SCHEMA$)).isEqualTo("io.tributary.schemas.Task");
    }

    @Test
    void takesSeveralUrlsAsTextOrList() {
        var expected = List.of(URI.create("http://one/"), URI.create("https://two:8443/apis/ccompat/v7/"));
        assertThat(bases("http://one, https://two:8443/apis/ccompat/v7")).isEqualTo(expected);
        assertThat(bases(List.of("http://one/", "https://two:8443/apis/ccompat/v7//")))
                .isEqualTo(expected);
    }

    @Test
    void takesCredentialsFromTheirPropertyAndShowsThemToNobody() {
        var fromProperty =
                SerdeConfig.of(Map.of("schema.registry.url", "http://one", "basic.auth.user.info", "me:secret"), false);

        assertThat(fromProperty.registry().authorization()).isEqualTo("Basic bWU6c2VjcmV0");
        assertThat(fromProperty.toString()).doesNotContain("secret").doesNotContain("bWU6c2VjcmV0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://me:secret@one", "http://one,http://me:secret@two"})
    void refusesCredentialsInTheUrlWithoutRepeatingThem(String url) {
        assertThatThrownBy(() -> SerdeConfig.of(Map.of("schema.registry.url", url), false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("set basic.auth.user.info")
                .hasMessageNotContaining("secret");
    }

    @Test
    void readsTheSettingsOfTlsBehindTheirPrefix() {
        var config = SerdeConfig.of(
                Map.of("schema.registry.url", "https://one", "schema.registry.ssl.truststore.password", "secret"),
                false);

        assertThat(config.registry().tls()).containsExactly(Map.entry("ssl.truststore.password", "secret"));
        assertThat(config.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "one:8081", "ftp://one", "http://", "http://a b", "http://me:sec ret@one"})
    void refusesWhatIsNoUrlWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> SerdeConfig.of(Map.of("schema.registry.url", url), false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema.registry.url")
                .hasMessageNotContaining("sec ret");
    }

    @Test
    void asksForTheUrlWhenItIsMissing() {
        assertThatThrownBy(() -> SerdeConfig.of(Map.of(), false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema.registry.url is missing");
    }

    @Test
    void refusesFlagsThatAreNeitherTrueNorFalse() {
        assertThatThrownBy(() -> SerdeConfig.of(
                        Map.of("schema.registry.url", "http://one", "auto.register.schemas", "yes"), false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("use true or false");
    }

    @ParameterizedTest
    @CsvSource({
        "TopicNameStrategy, t-value, t-key",
        "RecordNameStrategy, io.tributary.schemas.Task, io.tributary.schemas.Task",
        "TopicRecordNameStrategy, t-io.tributary.schemas.Task, t-io.tributary.schemas.Task",
        "io.confluent.kafka.serializers.subject.TopicNameStrategy, t-value, t-key",
        "io.confluent.kafka.serializers.subject.RecordNameStrategy, io.tributary.schemas.Task,"
                + " io.tributary.schemas.Task",
    })
    void namesSubjectsAsConfluentDoes(String strategy, String ofValue, String ofKey) {
        assertThat(SubjectNames.of(strategy, false).subject("t", Task.SCHEMA$)).isEqualTo(ofValue);
        assertThat(SubjectNames.of(strategy, true).subject("t", Task.SCHEMA$)).isEqualTo(ofKey);
    }

    @Test
    void refusesAStrategyItDoesNotKnow() {
        assertThatThrownBy(() -> SubjectNames.of("com.example.RecordNameStrategy", false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("use RecordNameStrategy, TopicRecordNameStrategy or TopicNameStrategy");
    }

    private static List<URI> bases(Object urls) {
        return SerdeConfig.of(Map.of("schema.registry.url", urls), false)
                .registry()
                .bases();
    }
}
