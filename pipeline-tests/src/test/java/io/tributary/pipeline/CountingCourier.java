package io.tributary.pipeline;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/** A provider that counts what it did, by key. It ignores repeated keys of the action byKey alone. */
final class CountingCourier implements AutoCloseable {

    private static final int MOST_MILLIS = 30;

    private final HttpServer server;
    private final ConcurrentMap<String, Integer> sent = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Integer> repeated = new ConcurrentHashMap<>();
    private final Set<String> found = ConcurrentHashMap.newKeySet();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private volatile CountDownLatch hold = new CountDownLatch(0);

    private CountingCourier(HttpServer server) {
        this.server = server;
    }

    static CountingCourier open() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var courier = new CountingCourier(server);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", courier::answer);
        server.start();
        return courier;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How often it did what has a key. */
    Map<String, Integer> sent() {
        return sent;
    }

    /** How often it ignored a key. */
    Map<String, Integer> repeated() {
        return repeated;
    }

    /** The keys that a look-up found. */
    Set<String> found() {
        return found;
    }

    /** From now on it does what it is sent and does not answer, until {@link #goOn}. */
    void holdAnswers() {
        hold = new CountDownLatch(1);
    }

    /** The keys of what it did without an answer. */
    Set<String> held() {
        return held;
    }

    void goOn() {
        hold.countDown();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String key = exchange.getRequestURI().getQuery().substring("key=".length());
            String answer;
            if (exchange.getRequestMethod().equals("GET")) {
                answer = sent.containsKey(key) ? "m-" + key : "";
                if (!answer.isEmpty()) {
                    found.add(key);
                }
            } else {
                pause(); // a kill may strike before it is done, and after
                if (exchange.getRequestURI().getPath().equals("/byKey")) {
                    if (sent.putIfAbsent(key, 1) != null) {
                        repeated.merge(key, 1, Integer::sum);
                    }
                } else {
                    sent.merge(key, 1, Integer::sum);
                }
                pause();
                awaitRelease(key);
                answer = "m-" + key;
            }
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void awaitRelease(String key) {
        CountDownLatch latch = hold;
        if (latch.getCount() > 0) {
            held.add(key);
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(MOST_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        goOn();
        server.stop(0);
    }
}
