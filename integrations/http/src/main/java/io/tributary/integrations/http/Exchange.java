package io.tributary.integrations.http;

import io.tributary.egress.Tenant;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.TaskFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request on the wire and its response. */
record Exchange(
        CloseableHttpClient client, SharedConnections connections, Tenant tenant, String userAgent, String domain)
        implements Transport {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    /** Most bytes of an ignored body that are read; a longer body costs the connection. */
    private static final int MOST_UNREAD_BYTES = 64 * 1024;

    /** Most bytes of a body in memory where the bound of the request is that of a file. */
    private static final long MOST_BESIDE_A_FILE = 32L << 20;

    @Override
    public Received exchange(HttpRequest request) throws TaskFailure {
        long start = System.nanoTime();
        try (var _ = connections.take(tenant, request)) {
            Received answer = sendAndRead(request);
            LOG.debug(
                    "http.exchanged: the provider responded request={} status={} millis={}",
                    request,
                    answer.status(),
                    (System.nanoTime() - start) / 1_000_000);
            return answer;
        } catch (IOException | IllegalStateException e) { // IllegalStateException: the connections are closed.
            throw new ExchangeFailure(domain, request).of(e);
        }
    }

    private Received sendAndRead(HttpRequest request) throws IOException, TaskFailure {
        var first = HttpClientContext.create();
        ClassicHttpResponse response;
        try {
            response = client.executeOpen(null, message(request), first);
        } catch (NoHttpResponseException | SocketException e) {
            if (!keptConnectionWasDead(request, first)) {
                throw e;
            }
            response = client.executeOpen(null, message(request), HttpClientContext.create());
        }
        try (ClassicHttpResponse answer = response) {
            return read(request, answer);
        }
    }

    /** The server closed it while the request was on its way, and a request without effect may be sent again. */
    private static boolean keptConnectionWasDead(HttpRequest request, HttpClientContext context) {
        EndpointDetails connection = context.getEndpointDetails();
        return (request.method().equals("GET") || request.method().equals("HEAD"))
                && connection != null
                && connection.getRequestCount() > 1
                && !Thread.currentThread().isInterrupted();
    }

    private HttpUriRequestBase message(HttpRequest request) {
        var message = new HttpUriRequestBase(request.method(), request.uri());
        message.setHeader("User-Agent", userAgent);
        message.setHeader("Accept-Encoding", ContentCoding.ACCEPTED);
        request.headers().forEach(message::setHeader);
        byte[] body = request.body();
        if (body != null) {
            message.setEntity(new ByteArrayEntity(body, null));
        }
        return message;
    }

    private Received read(HttpRequest request, ClassicHttpResponse response) throws IOException, TaskFailure {
        Map<String, List<String>> headers = headers(response);
        HttpEntity entity = response.getEntity();
        byte[] body = {};
        if (entity != null && entity.getContent() != null) {
            InputStream content = entity.getContent();
            if (isReturned(request, response.getCode())) {
                List<String> codings = headers.getOrDefault("content-encoding", List.of());
                InputStream decoded = ContentCoding.decoded(content, codings);
                if (request.into() == null || response.getCode() >= 300) {
                    body = bounded(request, decoded);
                } else {
                    WriteBody.of(domain, request, decoded);
                }
                toItsEnd(content);
                decoded.close();
            } else {
                toItsEnd(content);
            }
        }
        return new Received(response.getCode(), headers, body);
    }

    /** Reading to the end allows reuse of the connection, and shows whether the response was cut short. */
    private static void toItsEnd(InputStream content) throws IOException {
        content.readNBytes(MOST_UNREAD_BYTES);
    }

    private static boolean isReturned(HttpRequest request, int status) {
        return status < 300
                || status >= 400 && status < 500
                || request.expected().contains(status);
    }

    private byte[] bounded(HttpRequest request, InputStream decoded) throws IOException, TaskFailure {
        int most =
                (int) (request.into() == null ? request.maxBytes() : Math.min(request.maxBytes(), MOST_BESIDE_A_FILE));
        byte[] body = decoded.readNBytes(most + 1);
        if (body.length > most) {
            throw WriteBody.tooLarge(domain, request, most);
        }
        return body;
    }

    private static Map<String, List<String>> headers(ClassicHttpResponse response) {
        var headers = new HashMap<String, List<String>>();
        for (Header header : response.getHeaders()) {
            headers.computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(header.getValue() == null ? "" : header.getValue());
        }
        return headers;
    }
}
