package io.tributary.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenEndpointIT {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-04-01T12:00:00Z"), ZoneOffset.UTC);

    private record Sent(@Nullable String authorization, String form) {}

    private final List<Sent> requests = Collections.synchronizedList(new ArrayList<>());
    private final Outbound outbound = new Outbound(true);
    private final TokenEndpoint endpoint = new TokenEndpoint(outbound, CLOCK);
    private HttpServer server;
    private volatile String refusal = "";

    @SuppressWarnings("NullAway.Init") // start() sets it
    TokenEndpointIT() {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/basic", exchange -> {
            boolean known = note(exchange).authorization() != null;
            answer(
                    exchange,
                    known ? 200 : 401,
                    known ? "{\"access_token\": \"a\"}" : "{\"error\": \"invalid_client\"}");
        });
        server.createContext("/refuses/", exchange -> {
            boolean known = note(exchange).authorization() != null;
            answer(exchange, known ? 200 : 400, known ? "{\"access_token\": \"a\"}" : refusal);
        });
        server.createContext("/post", exchange -> {
            boolean known = note(exchange).form().contains("client_secret=");
            answer(exchange, known ? 200 : 401, known ? "{\"access_token\": \"a\"}" : "");
        });
        server.createContext("/meta", exchange -> {
            requests.add(new Sent(
                    null,
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawQuery()));
            answer(exchange, 200, "{\"access_token\": \"long\", \"expires_in\": 5184000}");
        });
        server.createContext("/busy", exchange -> {
            note(exchange);
            exchange.getResponseHeaders().add("Retry-After", "Wed, 01 Apr 2026 12:01:30 GMT");
            answer(exchange, 503, "");
        });
        server.start();
    }

    @AfterEach
    void stop() {
        outbound.close();
        server.stop(0);
    }

    @Test
    void comparesATimeOfRetryAfterWithItsClock() {
        assertThat(endpoint.refresh(client("/busy"), "r"))
                .isEqualTo(new TokenAnswer.Unavailable("503", Duration.ofSeconds(90), false));
    }

    @Test
    void remembersAnEndpointThatTakesTheSecretInAHeaderOnly() {
        assertThat(endpoint.redeem(client("/basic"), "the code", "https://us.test/back", "verifier"))
                .isInstanceOf(TokenAnswer.Granted.class);
        assertThat(endpoint.refresh(client("/basic"), "r")).isInstanceOf(TokenAnswer.Granted.class);

        assertThat(requests)
                .extracting(Sent::authorization)
                .containsExactly(null, "Basic Y2xpOnMlMkZ0", "Basic Y2xpOnMlMkZ0");
        assertThat(requests.getFirst().form().split("&"))
                .containsExactlyInAnyOrder(
                        "grant_type=authorization_code",
                        "code=the+code",
                        "redirect_uri=https%3A%2F%2Fus.test%2Fback",
                        "code_verifier=verifier",
                        "client_id=cli",
                        "client_secret=s%2Ft");
        assertThat(requests.getLast().form().split("&"))
                .containsExactlyInAnyOrder("grant_type=refresh_token", "refresh_token=r");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\": \"invalid_client\"}",
                "{\"error\": \"unauthorized_client\"}",
                "{\"error\": \"invalid_request\", \"error_description\": \"client authentication is missing\"}"
            })
    void connectsAndRenewsWhereTheSecretInTheBodyIsRejectedInAnyWords(String words) {
        refusal = words;

        assertThat(endpoint.redeem(client("/refuses/x"), "c", "https://us.test/back", "v"))
                .isInstanceOf(TokenAnswer.Granted.class);
        assertThat(endpoint.refresh(client("/refuses/x"), "r")).isInstanceOf(TokenAnswer.Granted.class);

        assertThat(requests).hasSize(3); // the way that worked is remembered
    }

    @Test
    void triesTheOtherWayOnce() {
        refusal = "{\"error\": \"invalid_scope\"}";
        assertThat(endpoint.refresh(client("/refuses/scope"), "r")).isInstanceOf(TokenAnswer.ClientRefused.class);
        assertThat(requests).hasSize(1);
    }

    @Test
    void authenticatesAsTheManifestSaysAndInNoOtherWay() {
        assertThat(endpoint.refresh(client("/basic", ClientAuthentication.BASIC), "r"))
                .isInstanceOf(TokenAnswer.Granted.class);
        assertThat(endpoint.refresh(client("/post", ClientAuthentication.POST), "r"))
                .isInstanceOf(TokenAnswer.Granted.class);
        assertThat(requests).hasSize(2);

        assertThat(endpoint.refresh(client("/post", ClientAuthentication.BASIC), "r"))
                .isInstanceOf(TokenAnswer.ClientRefused.class);
        assertThat(requests).hasSize(3);
    }

    @Test
    void callsTheIdOfTheClientAsTheProviderDoes() {
        var named = new TokenEndpoint.Client(
                client("/post").tokenUrl(), "cli", "s/t", ClientAuthentication.POST, "client_key");

        assertThat(endpoint.refresh(named, "r")).isInstanceOf(TokenAnswer.Granted.class);
        assertThat(requests.getFirst().form())
                .contains("client_key=cli", "client_secret=s%2Ft")
                .doesNotContain("client_id");
    }

    @Test
    void sendsClientCredentialsWithTheirScopeAndParameters() {
        var grant = TokenGrant.clientCredentials("read write").with(Map.of("audience", "https://api.shop.example"));

        assertThat(endpoint.exchange(client("/post"), grant)).isInstanceOf(TokenAnswer.Granted.class);
        assertThat(requests.getFirst().form())
                .contains("grant_type=client_credentials", "scope=read+write", "client_id=cli", "client_secret=s%2Ft")
                .contains("audience=https%3A%2F%2Fapi.shop.example");
        assertThat(grant.toString()).isEqualTo("TokenGrant[client_credentials]");
    }

    @Test
    void asksMetaByGetAndShowsTheClientWhereItIsNeeded() {
        assertThat(endpoint.exchange(client("/meta"), TokenGrant.facebookExchange("t1")))
                .isEqualTo(new TokenAnswer.Granted("long", null, Duration.ofDays(60)));
        assertThat(endpoint.exchange(client("/meta"), TokenGrant.instagramRefresh("t2")))
                .isInstanceOf(TokenAnswer.Granted.class);

        assertThat(requests.get(0).form())
                .startsWith("GET ")
                .contains("grant_type=fb_exchange_token", "fb_exchange_token=t1", "client_id=cli")
                .contains("client_secret=s%2Ft");
        assertThat(requests.get(1).form())
                .contains("grant_type=ig_refresh_token", "access_token=t2")
                .doesNotContain("client_");
    }

    private TokenEndpoint.Client client(String path, ClientAuthentication authentication) {
        var client = client(path);
        return new TokenEndpoint.Client(client.tokenUrl(), client.clientId(), client.clientSecret(), authentication);
    }

    private TokenEndpoint.Client client(String path) {
        return new TokenEndpoint.Client(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path), "cli", "s/t");
    }

    private Sent note(HttpExchange exchange) throws IOException {
        var sent = new Sent(
                exchange.getRequestHeaders().getFirst("Authorization"),
                new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        requests.add(sent);
        return sent;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : body.length());
        exchange.getResponseBody().write(body.getBytes(UTF_8));
        exchange.close();
    }
}
