package io.tributary.pipeline;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A schema registry behind a proxy that ends TLS and asks for a password, as registries are deployed. */
final class SecuredRegistry implements AutoCloseable {

    static final String USER = "tributary";
    static final String PASSWORD = "registry-1";

    private final HttpsServer proxy;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final URI registry;

    private final ShownCertificate shown;

    private SecuredRegistry(HttpsServer proxy, URI registry, ShownCertificate shown) {
        this.proxy = proxy;
        this.registry = registry;
        this.shown = shown;
    }

    /** Opens the proxy in front of the registry at {@code url}. */
    static SecuredRegistry inFrontOf(String url, ServerCertificate certificate) throws IOException {
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var shown = new ShownCertificate(certificate);
        server.setHttpsConfigurator(new HttpsConfigurator(shown.context()));
        var secured = new SecuredRegistry(server, URI.create(url), shown);
        server.setExecutor(secured.threads);
        server.createContext("/", secured::forward).setAuthenticator(new BasicAuthenticator("registry") {
            @Override
            public boolean checkCredentials(String user, String password) {
                return USER.equals(user) && PASSWORD.equals(password);
            }
        });
        server.start();
        return secured;
    }

    /** Shows another certificate to new connections. */
    void use(ServerCertificate certificate) throws IOException {
        shown.replace(certificate);
    }

    String url() {
        return "https://127.0.0.1:" + proxy.getAddress().getPort() + registry.getPath();
    }

    private void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = HttpRequest.newBuilder(registry.resolve(exchange.getRequestURI()))
                    .method(
                            exchange.getRequestMethod(),
                            HttpRequest.BodyPublishers.ofByteArray(
                                    exchange.getRequestBody().readAllBytes()));
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            if (type != null) {
                request.header("Content-Type", type);
            }
            HttpResponse<String> answer = Http.send(request);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            answer.headers()
                    .firstValue("Content-Type")
                    .ifPresent(value -> exchange.getResponseHeaders().set("Content-Type", value));
            exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        proxy.stop(0);
        threads.close();
    }
}
