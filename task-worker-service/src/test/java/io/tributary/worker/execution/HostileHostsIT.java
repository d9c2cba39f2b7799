package io.tributary.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import io.tributary.egress.Outbound;
import io.tributary.egress.PublicHosts;
import io.tributary.egress.TokenAnswer;
import io.tributary.egress.TokenEndpoint;
import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.http.HttpConnections;
import io.tributary.integrations.http.ResolveHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What only the worker can reach, a user does not get to: not by a URL, however it is spelled, not by redirects of a
 * public host, not by a name whose address changes. The public host of these tests is a server on the loopback address,
 * which the names below {@code .public.test} lead to behind the policy's back; the policy is the worker's own.
 */
class HostileHostsIT {

    private final Map<String, Deque<String>> names = new HashMap<>();
    private final List<String> lookedUp = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> hosts = new CopyOnWriteArrayList<>();
    private final Map<String, String> redirects = new HashMap<>();
    private final PublicHosts publicHosts = new PublicHosts(false, this::lookUp);
    private final ResolveHost policy = ResolveHost.of(publicHosts);
    private final HttpConnections connections = new HttpConnections(this::resolve);
    private final Http http = connections.forIntegration("shop", Clock.systemUTC(), quota -> {});
    private HttpServer server;

    @SuppressWarnings("NullAway.Init") // start() sets it
    HostileHostsIT() {}

    /** More than forty ways to say an inner host. */
    static Stream<String> hostileUrls() {
        return Stream.of(
                "http://127.0.0.1:%d/",
                "http://127.8.9.10:%d/",
                "http://0.0.0.0:%d/",
                "http://[::1]:%d/",
                "http://[::]:%d/",
                "http://[0:0:0:0:0:0:0:1]:%d/",
                "http://[::ffff:127.0.0.1]:%d/",
                "http://[::ffff:7f00:1]:%d/",
                "http://[::127.0.0.1]:%d/",
                "http://2130706433:%d/",
                "http://127.1:%d/",
                "http://127.0.1:%d/",
                "http://0x7f000001:%d/",
                "http://0x7f.0.0.1:%d/",
                "http://017700000001:%d/",
                "http://127.0.0.1.:%d/",
                "http://localhost:%d/",
                "http://LOCALHOST:%d/",
                "http://localhost.:%d/",
                "http://loopback.test:%d/",
                "http://10.0.0.1:%d/",
                "http://10.255.255.255/",
                "http://100.64.0.1/",
                "http://100.100.100.200/latest/meta-data/",
                "http://169.254.169.254/latest/meta-data/",
                "http://169.254.170.2/v2/credentials/",
                "http://[::ffff:169.254.169.254]/",
                "http://[fd00:ec2::254]/latest/",
                "http://metadata.test/computeMetadata/v1/",
                "http://172.16.0.1/",
                "http://172.31.255.255/",
                "http://192.168.1.1/",
                "http://3232235777/",
                "http://router.test/",
                "http://192.0.0.1/",
                "http://192.0.2.1/",
                "http://198.18.0.1/",
                "http://198.51.100.7/",
                "http://203.0.113.7/",
                "http://224.0.0.1/",
                "http://255.255.255.255/",
                "http://[fe80::1]/",
                "http://[fc00::1]/",
                "http://[fec0::1]/",
                "http://[ff02::1]/",
                "http://[2001:db8::1]/",
                "http://[2002:7f00:1::]/",
                "http://[2002:a9fe:a9fe::]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[64:ff9b::169.254.169.254]/",
                "http://mixed.test/",
                "https://127.0.0.1/",
                "https://[::1]:8443/");
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            requests.add(path);
            hosts.add(exchange.getRequestHeaders().getFirst("Host"));
            String to = redirects.get(path);
            if (to != null) {
                exchange.getResponseHeaders().add("Location", to);
            }
            exchange.getResponseHeaders().add("Connection", "close");
            exchange.sendResponseHeaders(to == null ? 200 : 307, -1);
            exchange.close();
        });
        server.start();
        names("loopback.test", "127.0.0.1");
        names("metadata.test", "169.254.169.254");
        names("router.test", "192.168.1.1");
        names("localhost.", "127.0.0.1");
        names("127.0.0.1.", "127.0.0.1"); // as some C libraries read it
    }

    @AfterEach
    void stop() {
        connections.close();
        server.stop(0);
    }

    @ParameterizedTest
    @MethodSource("hostileUrls")
    void refusesAHostileUrl(String url) {
        assertRefused(at(url));

        assertThat(requests).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("hostileUrls")
    void refusesARedirectToAHostileUrl(String url) {
        redirects.put("/", at(url).toString());

        assertRefused(open("/"));

        assertThat(requests).containsExactly("/");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void refusesAHostileUrlAtTheEndOfAChain(int hops) {
        for (int hop = 0; hop < hops; hop++) {
            redirects.put("/" + hop, open("/" + (hop + 1)).toString());
        }
        redirects.put("/" + hops, "http://169.254.169.254/latest/meta-data/");

        assertRefused(open("/0"));

        assertThat(requests).hasSize(hops + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//127.0.0.1:%d/",
                "///127.0.0.1:%d/",
                "\\\\127.0.0.1:%d/",
                "http:\\\\127.0.0.1:%d\\",
                "http:127.0.0.1:%d"
            })
    void connectsToNoInnerHostForARedirectThatEveryoneReadsOtherwise(String location) {
        redirects.put("/", location.formatted(server.getAddress().getPort()));

        Throwable refusal = catchThrowable(() -> http.send(HttpRequest.get(open("/"))));

        assertThat(refusal)
                .satisfiesAnyOf(
                        it -> assertThat(it).isInstanceOf(TaskFailure.class),
                        it -> assertThat(it)
                                .as("read as a path of the public host")
                                .isNull());
        assertThat(hosts).isNotEmpty().allMatch(host -> host.startsWith("open.public.test"));
    }

    @Test
    void refusesANameThatIsPublicAtFirstAndPrivateLater() throws Exception {
        names("turns.public.test", "8.8.8.8", "127.0.0.1");
        URI turns = at("http://turns.public.test:%d/");
        http.send(HttpRequest.get(turns));
        assertThat(requests).hasSize(1);

        assertRefused(turns);

        assertThat(requests).hasSize(1);
    }

    @Test
    void refusesANameThatTurnsPrivateBetweenTheRequestAndItsRedirect() {
        names("turns.public.test", "8.8.8.8", "169.254.169.254");
        redirects.put("/", at("http://turns.public.test:%d/again").toString());

        assertRefused(at("http://turns.public.test:%d/"));

        assertThat(requests).containsExactly("/");
    }

    @Test
    void looksANameUpOnceAConnection() throws Exception {
        names("turns.public.test", "8.8.8.8", "127.0.0.1");

        http.send(HttpRequest.get(at("http://turns.public.test:%d/")));

        assertThat(lookedUp).as("a second look could find another address").containsExactly("turns.public.test");
    }

    @Test
    void refusesANameThatHasPublicAndPrivateAddresses() {
        assertThatThrownBy(() -> policy.resolve("mixed.test")).isInstanceOf(TaskFailure.Misconfigured.class);
    }

    @ParameterizedTest
    @MethodSource("hostileUrls")
    void sendsNoRefreshTokenToAHostileUrl(String url) throws IOException {
        try (var outbound = new Outbound(publicHosts, true, Duration.ofSeconds(5))) {
            var client = new TokenEndpoint.Client(at(url), "client", "secret");
            assertThat(new TokenEndpoint(outbound, Clock.systemUTC()).refresh(client, "token"))
                    .isInstanceOfAny(TokenAnswer.UrlRefused.class, TokenAnswer.Silent.class);
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void sendsNoRefreshTokenToANameThatIsPublicAtFirstAndPrivateLater() throws IOException {
        names("turns.public.test", "8.8.8.8", "127.0.0.1");
        var client = new TokenEndpoint.Client(at("http://turns.public.test:%d/token"), "client", "secret");
        try (var outbound = new Outbound(this::resolveUnlessRefused, true, Duration.ofSeconds(5))) {
            var endpoint = new TokenEndpoint(outbound, Clock.systemUTC());
            endpoint.refresh(client, "token");
            assertThat(requests).as("the server answers no token").hasSize(1);

            assertThat(endpoint.refresh(client, "token")).isInstanceOf(TokenAnswer.UrlRefused.class);
        }
        assertThat(requests).hasSize(1);
    }

    // Words of the tests

    /** Refused for its address, or as what is no host to everybody; never connected to. */
    private void assertRefused(URI url) {
        Throwable refusal = catchThrowable(() -> http.send(HttpRequest.get(url).timeout(Duration.ofSeconds(10))));
        if (refusal instanceof TaskFailure failure) {
            assertThat(failure.code()).isIn("polling.addressRefused", "polling.hostUnknown", "shop.answerUnreadable");
        } else {
            assertThat(refusal).as("the SPI takes no such URI").isInstanceOf(IllegalArgumentException.class);
            assertThat(url.getHost()).isNull();
        }
    }

    private URI at(String url) {
        return URI.create(url.formatted(server.getAddress().getPort()));
    }

    private URI open(String path) {
        return at("http://open.public.test:%d" + path);
    }

    /** What a name leads to at each look; the last one stays. */
    private void names(String name, String... addresses) {
        names.put(name, new ArrayDeque<>(List.of(addresses)));
    }

    private List<InetAddress> resolve(String host) throws TaskFailure {
        return ResolveHost.of(this::resolveUnlessRefused).resolve(host);
    }

    private List<InetAddress> resolveUnlessRefused(String host) throws UnknownHostException {
        List<InetAddress> checked = publicHosts.resolve(host);
        if (!host.endsWith(".public.test")) {
            throw new AssertionError(host + " passes as " + checked);
        }
        return List.of(InetAddress.getLoopbackAddress());
    }

    private List<InetAddress> lookUp(String host) throws UnknownHostException {
        lookedUp.add(host);
        if (host.equals("open.public.test")) {
            return List.of(InetAddress.getByName("8.8.4.4"));
        }
        if (host.equals("mixed.test")) {
            return List.of(InetAddress.getByName("8.8.8.8"), InetAddress.getByName("10.0.0.1"));
        }
        Deque<String> answers = names.get(host);
        if (answers != null) {
            return List.of(InetAddress.getByName(answers.size() > 1 ? answers.removeFirst() : answers.getFirst()));
        }
        if (host.endsWith(".test")) {
            throw new UnknownHostException(host);
        }
        return List.of(InetAddress.getAllByName(host)); // A literal, or localhost: nobody is asked on the network.
    }
}
