package io.tributary.worker.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tributary.integrations.api.TaskFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges a refresh token at a provider's token endpoint (RFC 6749, section 6). The host's addresses are checked where
 * the connection is made, so that a name cannot change its address in between; redirects are not followed. Thread safe.
 */
public final class TokenEndpoint implements AutoCloseable {

    /** The whole exchange at most. */
    public static final Duration LONGEST = Duration.ofSeconds(15);

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int MAX_ANSWER_BYTES = 64 * 1024;
    private static final int CONNECTIONS = 200;
    private static final int CONNECTIONS_OF_A_HOST = 50;

    /** Hosts whose way to authenticate clients is remembered, at most. */
    private static final int REMEMBERED = 1_000;

    private final CloseableHttpClient http;
    private final boolean allowPlain;
    private final Duration longest;
    private final Set<URI> wantBasic = ConcurrentHashMap.newKeySet();

    /**
     * What to exchange, and as which client.
     *
     * @param clientSecret null: a public client
     */
    public record Request(
            URI tokenUrl,
            @Nullable String clientId,
            @Nullable String clientSecret,
            String refreshToken) {
        @Override
        public String toString() {
            return "Request[" + tokenUrl.getHost() + "]";
        }
    }

    /** The addresses of a host that may be connected to. */
    public interface Hosts {
        /** As {@link io.tributary.integrations.api.TaskContext#resolve}. */
        List<InetAddress> resolve(String host) throws TaskFailure;
    }

    /** @param allowPlain whether plain http will do, for a deployment without public hosts */
    public TokenEndpoint(Hosts hosts, boolean allowPlain) {
        this(hosts, allowPlain, LONGEST);
    }

    /** @param longest the whole exchange at most, 1 ms and up */
    public TokenEndpoint(Hosts hosts, boolean allowPlain, Duration longest) {
        this.allowPlain = allowPlain;
        this.longest = longest;
        this.http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(checked(hosts))
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
                .disableAutomaticRetries() // A refresh token that was sent twice may revoke the whole grant.
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("tributary")
                .build();
    }

    /** Exchanges a refresh token; whatever goes wrong is an answer. */
    public TokenAnswer refresh(Request request) {
        URI url = request.tokenUrl();
        if (url.getHost() == null || !isAllowed(url.getScheme())) {
            return new TokenAnswer.ClientRefused("token_url_not_https");
        }
        boolean hasSecret = request.clientId() != null && request.clientSecret() != null;
        boolean basic = hasSecret && wantBasic.contains(url);
        TokenAnswer answer = send(request, basic);
        if (hasSecret && answer instanceof TokenAnswer.ClientRefused refused && isOfClient(refused.error())) {
            // Some take the secret in a header only, some in the body only. Who does not know the client has not looked
            // at its refresh token, so another request is harmless.
            TokenAnswer second = send(request, !basic);
            if (second instanceof TokenAnswer.Granted && !basic && wantBasic.size() < REMEMBERED) {
                wantBasic.add(url);
            }
            return second;
        }
        return answer;
    }

    private boolean isAllowed(@Nullable String scheme) {
        return "https".equalsIgnoreCase(scheme) || allowPlain && "http".equalsIgnoreCase(scheme);
    }

    private static boolean isOfClient(String error) {
        return error.equals("invalid_client") || error.equals("http_401");
    }

    private TokenAnswer send(Request request, boolean basic) {
        var post = new HttpPost(request.tokenUrl());
        post.setHeader(HttpHeaders.ACCEPT, "application/json");
        post.setEntity(new UrlEncodedFormEntity(form(request, basic), UTF_8));
        if (basic) {
            post.setHeader(HttpHeaders.AUTHORIZATION, basic(request));
        }
        // The timeouts of the client bound each wait, this bounds their sum.
        var cut = CompletableFuture.delayedExecutor(longest.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<Void> watch = CompletableFuture.runAsync(post::cancel, cut);
        try {
            return http.execute(post, TokenEndpoint::read);
        } catch (RefusedAddressException e) {
            return new TokenAnswer.ClientRefused("token_url_refused");
        } catch (ConnectException | ConnectTimeoutException | UnknownHostException e) {
            return new TokenAnswer.Unavailable(
                    "The token endpoint cannot be reached (" + e.getClass().getSimpleName() + ").", null, true);
        } catch (IOException e) {
            return new TokenAnswer.Unavailable(
                    "The token endpoint did not answer (" + e.getClass().getSimpleName() + ").", null, false);
        } finally {
            watch.cancel(false);
        }
    }

    private static List<NameValuePair> form(Request request, boolean basic) {
        var form = new ArrayList<NameValuePair>();
        form.add(new BasicNameValuePair("grant_type", "refresh_token"));
        form.add(new BasicNameValuePair("refresh_token", request.refreshToken()));
        if (!basic && request.clientId() != null) {
            form.add(new BasicNameValuePair("client_id", request.clientId()));
            if (request.clientSecret() != null) {
                form.add(new BasicNameValuePair("client_secret", request.clientSecret()));
            }
        }
        return form;
    }

    /** RFC 6749, section 2.3.1: each part form-encoded first. */
    private static String basic(Request request) {
        String user = URLEncoder.encode(String.valueOf(request.clientId()), UTF_8);
        String password = URLEncoder.encode(String.valueOf(request.clientSecret()), UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    private static TokenAnswer read(ClassicHttpResponse response) throws IOException {
        byte[] body =
                response.getEntity() == null ? null : EntityUtils.toByteArray(response.getEntity(), MAX_ANSWER_BYTES);
        return ReadTokenAnswer.of(
                response.getCode(), body == null ? "" : new String(body, UTF_8), retryAfter(response));
    }

    private static @Nullable Duration retryAfter(ClassicHttpResponse response) {
        Header header = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
        if (header == null) {
            return null;
        }
        String value = header.getValue().strip();
        try {
            Duration after = value.matches("\\d{1,6}")
                    ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(
                            Instant.now(),
                            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
            return after.isNegative() ? Duration.ZERO : after;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static DnsResolver checked(Hosts hosts) {
        return new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                try {
                    return hosts.resolve(host).toArray(InetAddress[]::new);
                } catch (TaskFailure.Misconfigured e) {
                    throw new RefusedAddressException(host);
                } catch (TaskFailure e) {
                    throw new UnknownHostException(host);
                }
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
    }

    @Override
    public void close() throws IOException {
        http.close();
    }

    /** The host has an address that is not public. */
    private static final class RefusedAddressException extends UnknownHostException {
        private static final long serialVersionUID = 1;

        RefusedAddressException(String host) {
            super(host);
        }
    }
}
