package io.tributary.pipeline;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A provider of orders and their invoices, which a file describes, and which changes its answers one day. */
final class Shop implements AutoCloseable {

    static final String DOMAIN = "shop";
    static final int ORDERS = 40;

    private static final String DESCRIPTION = """
        domain: shop
        version: 1.0.0
        displayName: Shop
        baseUrl: http://127.0.0.1:%d
        streams:
          orders:
            request: {path: /orders}
            records: orders
            output:
              id: "'order:' & $string(id)"
              content: $
            children:
              - stream: invoices
                with: {order: $string(id)}
          invoices:
            request: {path: "/orders/${parent.order}/invoice"}
            output:
              id: $string(id)
              content: text
        """;

    private final HttpServer server;
    private volatile boolean changed;

    private Shop(HttpServer server) {
        this.server = server;
    }

    static Shop open() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var shop = new Shop(server);
        server.createContext("/orders", shop::answer);
        server.start();
        return shop;
    }

    /** Writes the integration; returns the folder for the worker. */
    Path describe(Path folder) throws IOException {
        Path plugins = Files.createDirectories(folder.resolve("shop"));
        Files.writeString(
                plugins.resolve("shop.yaml"),
                DESCRIPTION.formatted(server.getAddress().getPort()));
        return plugins;
    }

    /** From now on, an invoice is inside an object, and its id has another name. */
    void changeInvoices() {
        changed = true;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] body = (path.equals("/orders") ? orders() : invoice(path)).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String orders() {
        return IntStream.rangeClosed(1, ORDERS)
                .mapToObj("{\"id\": %d}"::formatted)
                .collect(Collectors.joining(", ", "{\"orders\": [", "]}"));
    }

    private String invoice(String path) {
        String order = path.split("/", -1)[2];
        return (changed
                        ? "{\"invoice\": {\"invoiceId\": %s, \"text\": \"Invoice %s\"}}"
                        : "{\"id\": %s, \"text\": \"Invoice %s\"}")
                .formatted(order, order);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
