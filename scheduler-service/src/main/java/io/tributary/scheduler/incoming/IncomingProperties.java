package io.tributary.scheduler.incoming;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of webhooks of providers.
 *
 * @param url base URL at which providers reach the edge; default {@code http://localhost:8083}
 */
@ConfigurationProperties("tributary.incoming")
record IncomingProperties(
        @DefaultValue("http://localhost:8083") URI url) {}
