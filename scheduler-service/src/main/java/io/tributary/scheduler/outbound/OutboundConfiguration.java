package io.tributary.scheduler.outbound;

import io.tributary.egress.Outbound;
import io.tributary.egress.TokenEndpoint;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The one client for URLs of users. */
@Configuration(proxyBeanMethods = false)
class OutboundConfiguration {

    /** @param allowPrivate as on the worker; default false */
    @Bean(destroyMethod = "close")
    Outbound outbound(@Value("${tributary.http.allow-private-addresses:false}") boolean allowPrivate) {
        return new Outbound(allowPrivate);
    }

    @Bean
    TokenEndpoint tokenEndpoint(Outbound outbound, Clock clock) {
        return new TokenEndpoint(outbound, clock);
    }
}
