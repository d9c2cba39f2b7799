package io.tributary.egress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundIT {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/",
                "https://localhost/",
                "https://10.0.0.1/",
                "https://172.16.0.1/",
                "https://192.168.1.1/",
                "https://169.254.169.254/latest/meta-data/",
                "https://100.64.0.1/",
                "https://0.0.0.0/",
                "https://0/",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://127.1/",
                "https://[::1]/",
                "https://[::]/",
                "https://[fc00::1]/",
                "https://[fe80::1]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[64:ff9b::7f00:1]/",
                "https://[2002:7f00:1::]/",
                "https://224.0.0.1/",
                "https://255.255.255.255/",
                "https://198.18.0.1/",
                "https://user@example.com/",
                "http://example.com/",
                "ftp://example.com/",
                "file:///etc/passwd",
                "gopher://example.com/",
                "https:///x"
            })
    void refusesHostileUrls(String url) throws Exception {
        try (var outbound = new Outbound(new PublicHosts(false), false, Duration.ofSeconds(5))) {
            var result = outbound.post(URI.create(url), "application/json", "{}", Map.of());

            // The resolver may know no such host, which is as good.
            assertThat(result).as(url).isInstanceOfAny(Outbound.Refused.class, Outbound.Silent.class);
            if (!url.matches("https://(0x7f000001|2130706433|0)/")) {
                assertThat(result).as(url).isInstanceOf(Outbound.Refused.class);
            }
        }
    }

    @Test
    void endsARequestThatDripsForEver() throws Exception {
        var release = new CountDownLatch(1);
        var requests = new AtomicInteger();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(200, 0);
            try (var out = exchange.getResponseBody()) {
                while (release.getCount() > 0) {
                    out.write(' ');
                    out.flush();
                    boolean released = release.await(20, java.util.concurrent.TimeUnit.MILLISECONDS);
                    if (released) {
                        break;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        try (var outbound = new Outbound(new PublicHosts(true), true, Duration.ofMillis(500))) {
            var result = outbound.post(
                    URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"),
                    "application/json",
                    "{}",
                    Map.of());

            assertThat(result).isInstanceOf(Outbound.Silent.class);
            assertThat(requests).hasValue(1);
        } finally {
            release.countDown();
            server.stop(0);
        }
    }
}
