package io.tributary.scheduler.security;

import io.tributary.scheduler.http.ApiProperties;
import io.tributary.scheduler.http.LimitBody;
import io.tributary.scheduler.http.LimitRate;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.WriteProblem;
import io.tributary.scheduler.idempotency.AnswerOnce;
import jakarta.servlet.DispatcherType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/**
 * What needs a token: everything, but for health and the description of the API, which hold no data of anyone. Whose
 * rows a caller sees is decided by each query. Nothing is kept between requests: no session, no cookie, hence no CSRF.
 */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

    @Bean
    SecurityFilterChain filters(
            HttpSecurity http, WriteProblem problems, ApiProperties properties, AnswerOnce answerOnce)
            throws Exception {
        return http.authorizeHttpRequests(requests -> requests
                        // an error page repeats what was decided for its request
                        .dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers("/actuator/health/**", "/v3/api-docs/**", "/swagger-ui/**", "/swagger-ui.html")
                        .permitAll()
                        // a browser on its way back from a provider has no token: the state and a cookie tell it
                        .requestMatchers(HttpMethod.GET, "/oauth/callback")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .oauth2ResourceServer(server -> server.jwt(_ -> {}).authenticationEntryPoint(unauthenticated(problems)))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .addFilterAfter(new LimitRate(problems, properties, System::nanoTime), AuthorizationFilter.class)
                .addFilterAfter(new LimitBody(problems), LimitRate.class)
                .addFilterAfter(answerOnce, LimitBody.class)
                .build();
    }

    private static AuthenticationEntryPoint unauthenticated(WriteProblem problems) {
        var challenge = new BearerTokenAuthenticationEntryPoint(); // sets the header WWW-Authenticate
        return (request, response, failure) -> {
            challenge.commence(request, response, failure);
            problems.write(response, Problem.UNAUTHENTICATED);
        };
    }
}
