package io.tributary.scheduler.oauth;

import io.tributary.egress.OAuthClients;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The deployment's OAuth2 clients. */
@Configuration(proxyBeanMethods = false)
class OAuthConfiguration {

    @Bean
    OAuthClients oauthClients(OAuthProperties properties) {
        return new OAuthClients(properties.clients());
    }
}
