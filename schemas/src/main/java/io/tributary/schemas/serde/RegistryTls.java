package io.tributary.schemas.serde;

import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/** TLS to a registry, by the settings that Kafka's clients have: key stores as files or PEM. */
final class RegistryTls {

    private RegistryTls() {}

    /**
     * The context with the certificates to trust and those of this client.
     *
     * @param settings {@code ssl.truststore.location}, {@code ssl.keystore.location} and so on
     * @throws ConfigException when a store cannot be read; the message has no password
     */
    static SSLContext contextOf(Map<String, String> settings) {
        var definition = new ConfigDef();
        SslConfigs.addClientSslSupport(definition);
        try (var factory = new DefaultSslEngineFactory()) {
            factory.configure(new AbstractConfig(definition, settings, false).values());
            return factory.sslContext();
        } catch (KafkaException e) {
            var failure = new ConfigException("the settings schema.registry.ssl.* cannot be used: " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }
}
