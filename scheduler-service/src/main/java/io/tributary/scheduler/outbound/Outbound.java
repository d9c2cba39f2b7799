package io.tributary.scheduler.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tributary.scheduler.outbound.PublicAddresses.AddressRefusedException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Posts to URLs that users set: https and public addresses only, unless the deployment allows others; no redirect is
 * followed, nothing is sent twice, no answer is waited for longer than 15 s or read further than 64 KB. Thread safe.
 */
public final class Outbound implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofSeconds(15);
    private static final int MAX_ANSWER_BYTES = 64 * 1024;
    private static final int CONNECTIONS = 100;
    private static final int CONNECTIONS_OF_A_HOST = 20;

    private final CloseableHttpClient http;
    private final boolean allowPrivate;
    private final Duration longest;

    /** What came of a request. */
    public sealed interface Result {}

    /** The host answered, whatever it was. */
    public record Answered(int status, String body) implements Result {
        @Override
        public String toString() {
            return "Answered[" + status + "]";
        }
    }

    /** It may not be asked: no https URL, or an address that is not public. */
    public record Refused(String reason) implements Result {}

    /** It cannot be reached, or does not answer in time. */
    public record Silent(String reason) implements Result {}

    /** @param allowPrivate whether plain http, and private and loopback addresses, may be connected to */
    public Outbound(boolean allowPrivate) {
        this(allowPrivate, LONGEST);
    }

    /** @param longest a request and its answer at most, 1 ms and up */
    public Outbound(boolean allowPrivate, Duration longest) {
        this.allowPrivate = allowPrivate;
        this.longest = longest;
        this.http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new PublicAddresses(allowPrivate))
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(CONNECT))
                                .setSocketTimeout(Timeout.of(longest))
                                .build())
                        .setMaxConnTotal(CONNECTIONS)
                        .setMaxConnPerRoute(CONNECTIONS_OF_A_HOST)
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(CONNECT))
                        .setResponseTimeout(Timeout.of(longest))
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("tributary")
                .build();
    }

    /** Why a URL is refused before anybody is asked; null: it is not. */
    public @Nullable String whyRefused(URI url) {
        String scheme = url.getScheme();
        boolean allowed = "https".equalsIgnoreCase(scheme) || allowPrivate && "http".equalsIgnoreCase(scheme);
        if (!allowed || url.getHost() == null || url.getRawUserInfo() != null) {
            return "it must be an https URL with a host and without a user";
        }
        return null;
    }

    /** Posts; whatever goes wrong is a result. */
    public Result post(URI url, String contentType, String body, Map<String, String> headers) {
        String refused = whyRefused(url);
        if (refused != null) {
            return new Refused(refused);
        }
        var post = new HttpPost(url);
        headers.forEach(post::setHeader);
        post.setEntity(new StringEntity(body, ContentType.parse(contentType).withCharset(UTF_8)));
        // The timeouts of the client bound each wait, this bounds their sum.
        var cut = CompletableFuture.delayedExecutor(longest.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<Void> watch = CompletableFuture.runAsync(post::cancel, cut);
        try {
            return http.execute(post, Outbound::read);
        } catch (AddressRefusedException _) {
            return new Refused("the host has an address that is not public");
        } catch (IOException e) {
            return new Silent("the host did not answer (" + e.getClass().getSimpleName() + ")");
        } finally {
            watch.cancel(false);
        }
    }

    private static Result read(ClassicHttpResponse response) throws IOException {
        byte[] body =
                response.getEntity() == null ? null : EntityUtils.toByteArray(response.getEntity(), MAX_ANSWER_BYTES);
        return new Answered(response.getCode(), body == null ? "" : new String(body, UTF_8));
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
