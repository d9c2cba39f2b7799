package io.tributary.standalone.oidc;

import static org.springframework.security.config.Customizer.withDefaults;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.filter.DelegatingFilterProxy;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A real OpenID Connect provider, Spring Authorization Server, on a free port of the loopback address. It rotates
 * refresh tokens and revokes a grant one of whose refresh tokens comes twice. Who comes to consent is logged in as
 * {@code owner} and consents. {@code /api/me} is what its access tokens are for.
 *
 * <p>It counts the requests to its token endpoint, and lets it fail and hang on demand. Thread safe.
 */
public final class OidcProvider implements AutoCloseable {

    public static final String CLIENT_ID = "tributary-test";
    public static final String CLIENT_SECRET = "canary-client-secret-51";

    /** What the client may ask for. */
    public static final String SCOPE = "read";

    private static final int RSA_BITS = 2048;

    private final Tomcat tomcat;
    private final Path folder;
    private final Faults faults;
    private final Grants grants;
    private final RegisteredClient client;

    /** Tokens of an owner who has consented. */
    public record Tokens(String accessToken, String refreshToken, Instant expiresAt) {
        @Override
        public String toString() {
            return "Tokens[" + expiresAt + "]";
        }
    }

    private OidcProvider(Tomcat tomcat, Path folder, Faults faults, Grants grants, RegisteredClient client) {
        this.tomcat = tomcat;
        this.folder = folder;
        this.faults = faults;
        this.grants = grants;
        this.client = client;
    }

    /**
     * Starts one.
     *
     * @param accessTokenLifetime of the access tokens it issues, 1 s and up
     * @param clientAuthentication how its client shows its secret: {@code client_secret_basic} or {@code
     *     client_secret_post}
     * @param redirectUris where it sends an owner's browser back to; any, when there is no authorization to test
     */
    public static OidcProvider start(
            Duration accessTokenLifetime, String clientAuthentication, List<String> redirectUris) {
        var grants = new Grants();
        var faults = new Faults();
        var client = client(accessTokenLifetime, clientAuthentication, redirectUris);
        try {
            Path folder = Files.createTempDirectory("oidc-provider-");
            var tomcat = new Tomcat();
            tomcat.setBaseDir(folder.toString());
            tomcat.setPort(0);
            tomcat.getConnector().setProperty("address", "127.0.0.1");
            Context web = tomcat.addContext("", folder.toString());
            addFilter(web, "faults", faults);
            // Before the provider's own filters: they would take the access tokens for JWTs.
            addFilter(web, "me", new Me(grants));
            addFilter(web, "springSecurityFilterChain", securityFilters(web, grants, client));
            addServlet(web);
            tomcat.start();
            return new OidcProvider(tomcat, folder, faults, grants, client);
        } catch (LifecycleException e) {
            throw new IllegalStateException("the provider does not start", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one whose access tokens live for an hour, for no other grants than those of {@link #consent}. */
    public static OidcProvider start() {
        return start(Duration.ofHours(1), "client_secret_basic", List.of("http://127.0.0.1/callback"));
    }

    public URI issuer() {
        return URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort());
    }

    public URI tokenUrl() {
        return issuer().resolve("/oauth2/token");
    }

    public URI authorizeUrl() {
        return issuer().resolve("/oauth2/authorize");
    }

    /** What access tokens are for: 200 with a valid one, 401 otherwise. */
    public URI resource() {
        return issuer().resolve("/api/me");
    }

    /**
     * A new grant, as if its owner had come by and consented.
     *
     * @param lifetime of the access token from now on; negative: it has expired
     */
    public Tokens consent(Duration lifetime) {
        Instant now = Instant.now();
        Instant issued = now.minus(Duration.ofDays(1));
        var access = new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER, "canary-access-" + UUID.randomUUID(), issued, now.plus(lifetime));
        var refresh = new OAuth2RefreshToken("canary-refresh-" + UUID.randomUUID(), now, now.plus(Duration.ofDays(1)));
        grants.save(OAuth2Authorization.withRegisteredClient(client)
                .principalName("owner")
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .authorizedScopes(Set.of(SCOPE))
                .attribute(
                        java.security.Principal.class.getName(),
                        new UsernamePasswordAuthenticationToken(
                                "owner", null, AuthorityUtils.createAuthorityList("owner")))
                .accessToken(access)
                .refreshToken(refresh)
                .build());
        return new Tokens(access.getTokenValue(), refresh.getTokenValue(), now.plus(lifetime));
    }

    /** Revokes the grant of a refresh token, as its owner can. */
    public void revoke(String refreshToken) {
        grants.revoke(refreshToken);
    }

    /** Makes an access token invalid before its time. */
    public void expire(String accessToken) {
        grants.expire(accessToken);
    }

    public boolean isValid(String accessToken) {
        return grants.isValid(accessToken);
    }

    /** Requests at the token endpoint so far. */
    public int tokenRequests() {
        return faults.requests();
    }

    /** Those that got tokens. */
    public int exchanges() {
        return faults.granted();
    }

    /** Grants that were revoked because a refresh token came twice. */
    public int reusesDetected() {
        return grants.reused();
    }

    /** The token endpoint fails from now on. */
    public void fail(int status, @Nullable String retryAfter) {
        faults.become(new Faults.Fails(status, retryAfter));
    }

    /** The token endpoint does its work from now on. */
    public void work() {
        faults.become(new Faults.Works());
    }

    /**
     * The token endpoint does its work from now on, rotation included, and then keeps the answer to itself.
     *
     * @param worked told when it has done a request's work
     * @param answer awaited before it answers, 60 s at most
     */
    public void answerLate(CountDownLatch worked, CountDownLatch answer) {
        faults.become(new Faults.AnswersLate(worked, answer));
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException("the provider does not stop", e);
        } finally {
            deleteFolder();
        }
    }

    private void deleteFolder() {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RegisteredClient client(
            Duration accessTokenLifetime, String clientAuthentication, List<String> redirectUris) {
        return RegisteredClient.withId("client")
                .clientId(CLIENT_ID)
                .clientSecret("{noop}" + CLIENT_SECRET)
                .clientAuthenticationMethod(new ClientAuthenticationMethod(clientAuthentication))
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                .redirectUris(uris -> uris.addAll(redirectUris))
                .scope(SCOPE)
                .clientSettings(ClientSettings.builder()
                        .requireProofKey(true)
                        .requireAuthorizationConsent(false)
                        .build())
                .tokenSettings(TokenSettings.builder()
                        .accessTokenFormat(OAuth2TokenFormat.REFERENCE)
                        .accessTokenTimeToLive(accessTokenLifetime)
                        .reuseRefreshTokens(false)
                        .build())
                .build();
    }

    private static Filter securityFilters(Context web, Grants grants, RegisteredClient client) {
        var spring = new AnnotationConfigWebApplicationContext();
        spring.setServletContext(web.getServletContext());
        spring.register(ProviderConfiguration.class);
        spring.addBeanFactoryPostProcessor(factory -> {
            factory.registerSingleton("grants", grants);
            factory.registerSingleton("clients", new InMemoryRegisteredClientRepository(client));
        });
        spring.refresh();
        return new DelegatingFilterProxy("springSecurityFilterChain", spring);
    }

    private static void addFilter(Context web, String name, Filter filter) {
        var definition = new FilterDef();
        definition.setFilterName(name);
        definition.setFilter(filter);
        web.addFilterDef(definition);
        var mapping = new FilterMap();
        mapping.setFilterName(name);
        mapping.addURLPattern("/*");
        web.addFilterMap(mapping);
    }

    /** Filters are called where a servlet is only; this one answers 404. */
    private static void addServlet(Context web) {
        Tomcat.addServlet(web, "nothing", new HttpServlet() {
            private static final long serialVersionUID = 1;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) {
                response.setStatus(404);
            }
        });
        web.addServletMappingDecoded("/", "nothing");
    }

    /** The resource: says who its caller is. */
    private record Me(Grants grants) implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (!((HttpServletRequest) request).getRequestURI().equals("/api/me")) {
                chain.doFilter(request, response);
                return;
            }
            String header = ((HttpServletRequest) request).getHeader("Authorization");
            boolean valid = header != null && header.startsWith("Bearer ") && grants.isValid(header.substring(7));
            ((HttpServletResponse) response).setStatus(valid ? 200 : 401);
            response.getWriter().write(valid ? "{\"sub\": \"owner\"}" : "{}");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableWebSecurity
    static class ProviderConfiguration {

        @Bean
        SecurityFilterChain filters(HttpSecurity http, OAuth2AuthorizationService grants) throws Exception {
            return http.oauth2AuthorizationServer(server -> server.oidc(withDefaults()))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .addFilterAfter(new LogIn(), SecurityContextHolderFilter.class)
                    .csrf(csrf -> csrf.disable())
                    .build();
        }

        /** What the user info endpoint reads its tokens with. */
        @Bean
        JwtDecoder jwtDecoder(JWKSource<SecurityContext> keys) {
            return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
        }

        @Bean
        AuthorizationServerSettings settings() {
            return AuthorizationServerSettings.builder().build();
        }

        @Bean
        JWKSource<SecurityContext> keys() throws NoSuchAlgorithmException {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS);
            KeyPair pair = generator.generateKeyPair();
            return new ImmutableJWKSet<>(new JWKSet(new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                    .privateKey((RSAPrivateKey) pair.getPrivate())
                    .keyID("test")
                    .build()));
        }
    }

    /** Logs everybody in who comes to consent. */
    private static final class LogIn extends OncePerRequestFilter {
        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            if (request.getRequestURI().equals("/oauth2/authorize")) {
                var context = SecurityContextHolder.createEmptyContext();
                context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                        "owner", null, AuthorityUtils.createAuthorityList("owner")));
                SecurityContextHolder.setContext(context);
            }
            chain.doFilter(request, response);
        }
    }
}
