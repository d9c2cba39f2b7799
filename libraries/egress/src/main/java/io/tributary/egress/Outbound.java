package io.tributary.egress;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to URLs that users set: https only, unless the deployment allows plain http, and only to addresses
 * that its {@link Hosts} return. It follows no redirect, never repeats a request, waits for a response for 15 s at
 * most, and reads 64 KB of it at most. Thread safe.
 */
public final class Outbound implements AutoCloseable {

    /** Longest time of a request with its response. */
    public static final Duration LONGEST = Duration.ofSeconds(15);

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int MAX_ANSWER_BYTES = 64 * 1024;
    private static final int CONNECTIONS = 200;
    private static final int CONNECTIONS_OF_A_HOST = 50;

    private final CloseableHttpClient http;
    private final boolean allowPlain;
    private final Duration longest;

    /** The outcome of a request. */
    public sealed interface Result {}

    /**
     * The host answered.
     *
     * @param retryAfter the header Retry-After as it was sent; null: there was none
     */
    public record Answered(
            int status, String body, @Nullable String retryAfter) implements Result {
        @Override
        public String toString() {
            return "Answered[" + status + "]";
        }
    }

    /** The URL is not allowed: it is not https, or its address is not public. */
    public record Refused(String reason) implements Result {}

    /**
     * The host cannot be reached, or does not answer in time.
     *
     * @param unsent whether the request certainly did not get there
     */
    public record Silent(String reason, boolean unsent) implements Result {}

    /** @param allowPrivate whether plain http, and private and loopback addresses, may be called */
    public Outbound(boolean allowPrivate) {
        this(new PublicHosts(allowPrivate), allowPrivate, LONGEST);
    }

    /** @param longest longest time of a request with its response, 1 ms and up */
    public Outbound(Hosts hosts, boolean allowPlain, Duration longest) {
        this.allowPlain = allowPlain;
        this.longest = longest;
        this.http =
                EgressClient.of(hosts, new EgressClient.Bounds(CONNECTIONS_OF_A_HOST, CONNECTIONS, CONNECT, longest));
    }

    /** The reason why a URL is rejected before the call; null: it is allowed. */
    public @Nullable String whyRefused(URI url) {
        String scheme = url.getScheme();
        boolean allowed = "https".equalsIgnoreCase(scheme) || allowPlain && "http".equalsIgnoreCase(scheme);
        if (!allowed || url.getHost() == null || url.getRawUserInfo() != null) {
            return "it must be an https URL with a host and without a user";
        }
        return null;
    }

    /** Posts; every failure is a result. */
    public Result post(URI url, String contentType, String body, Map<String, String> headers) {
        String refused = whyRefused(url);
        if (refused != null) {
            return new Refused(refused);
        }
        var post = new HttpPost(url);
        post.setEntity(new StringEntity(body, ContentType.parse(contentType).withCharset(UTF_8)));
        return send(post, headers);
    }

    /** Gets; every failure is a result. */
    public Result get(URI url, Map<String, String> headers) {
        String refused = whyRefused(url);
        return refused == null ? send(new HttpGet(url), headers) : new Refused(refused);
    }

    private Result send(HttpUriRequestBase request, Map<String, String> headers) {
        request.setHeader(HttpHeaders.USER_AGENT, "tributary");
        headers.forEach(request::setHeader);
        // The timeouts of the client bound each wait, this bounds their sum.
        var cut = CompletableFuture.delayedExecutor(longest.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<Void> watch = CompletableFuture.runAsync(request::cancel, cut);
        try {
            return http.execute(request, Outbound::read);
        } catch (AddressRefusedException _) {
            return new Refused("the host has an address that is not public");
        } catch (ConnectException | ConnectTimeoutException | UnknownHostException e) {
            return silent(e, true);
        } catch (IOException e) {
            return silent(e, false);
        } finally {
            watch.cancel(false);
        }
    }

    private static Silent silent(IOException e, boolean unsent) {
        return new Silent("the host did not answer (" + e.getClass().getSimpleName() + ")", unsent);
    }

    private static Result read(ClassicHttpResponse response) throws IOException {
        byte[] body =
                response.getEntity() == null ? null : EntityUtils.toByteArray(response.getEntity(), MAX_ANSWER_BYTES);
        Header retryAfter = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
        return new Answered(
                response.getCode(),
                body == null ? "" : new String(body, UTF_8),
                retryAfter == null ? null : retryAfter.getValue());
    }

    /** Stops an executor of requests: waits for those in flight up to a limit, and interrupts the others. */
    public static void finish(ExecutorService requests, Duration patience) {
        requests.shutdown();
        try {
            if (!requests.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                requests.shutdownNow();
            }
        } catch (InterruptedException e) {
            requests.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Closes all connections; requests in flight fail. */
    @Override
    public void close() {
        try {
            http.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
