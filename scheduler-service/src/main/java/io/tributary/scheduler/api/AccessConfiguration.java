package io.tributary.scheduler.api;

import io.tributary.scheduler.http.ApiProperties;
import io.tributary.scheduler.http.BodyLimitFilter;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.RateLimitFilter;
import io.tributary.scheduler.http.ServeRequestFilter;
import io.tributary.scheduler.idempotency.IdempotencyFilter;
import io.tributary.scheduler.idempotency.IdempotencyStore;
import io.tributary.scheduler.security.Caller;
import jakarta.servlet.DispatcherType;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/**
 * Every request needs a token, except health checks and the description of the API, which hold no data of users. Each
 * query decides which rows its caller sees. Nothing is kept between requests: no session, no cookie, hence no CSRF.
 */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

    @Bean
    SecurityFilterChain filters(
            HttpSecurity http, ApiProperties properties, IdempotencyStore idempotency, Environment environment)
            throws Exception {
        return http.authorizeHttpRequests(requests -> requests
                        // an error page belongs to a request that was already authorized
                        .dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers(
                                "/actuator/health/**",
                                "/v3/api-docs/**",
                                "/swagger-ui/**",
                                "/swagger-ui.html",
                                "/errors.html")
                        .permitAll()
                        // on the port of the API, only operators see the metrics
                        .requestMatchers("/actuator/prometheus")
                        .access((caller, request) -> new AuthorizationDecision(
                                isManagementPort(request.getRequest().getLocalPort(), environment)
                                        || isOperator(caller.get())))
                        // a browser that a provider sends back has no token: the state and a cookie identify it
                        .requestMatchers(HttpMethod.GET, "/oauth/callback")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .oauth2ResourceServer(server -> server.jwt(_ -> {}).authenticationEntryPoint(unauthenticated()))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .addFilterAfter(new RateLimitFilter(properties, System::nanoTime), AuthorizationFilter.class)
                .addFilterAfter(new ServeRequestFilter(), RateLimitFilter.class)
                .addFilterAfter(new BodyLimitFilter(), ServeRequestFilter.class)
                .addFilterAfter(new IdempotencyFilter(idempotency), BodyLimitFilter.class)
                .build();
    }

    private static boolean isManagementPort(int port, Environment environment) {
        Integer management = environment.getProperty("local.management.port", Integer.class);
        Integer api = environment.getProperty("local.server.port", Integer.class);
        return management != null && management == port && !management.equals(api);
    }

    private static boolean isOperator(@Nullable Authentication authentication) {
        Caller caller = Caller.find(authentication);
        return caller != null && caller.operator();
    }

    private static AuthenticationEntryPoint unauthenticated() {
        var challenge = new BearerTokenAuthenticationEntryPoint(); // sets the header WWW-Authenticate
        return (request, response, failure) -> {
            challenge.commence(request, response, failure);
            Problem.UNAUTHENTICATED.write(response);
        };
    }
}
