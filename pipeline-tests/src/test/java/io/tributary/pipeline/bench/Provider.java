package io.tributary.pipeline.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A provider's HTTP API: counts the calls, answers after 20 ms, and refuses what exceeds its quota. Windows begin at
 * whole multiples of their length, as clocks count.
 */
final class Provider implements AutoCloseable {

    private static final Duration WORK = Duration.ofMillis(20);
    private static final int OK = 200;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int NO_BODY = -1;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final int allowed;
    private final Duration window;
    private final List<Call> calls = new ArrayList<>();
    private Instant windowEnd = Instant.MIN;
    private int usedInWindow;

    /** A call, when it came and whether it was refused. */
    record Call(Instant at, boolean refused) {}

    /** What is answered to a call: how many more may come in its window, and when that ends. */
    private record Answer(boolean refused, int remaining, Instant windowEnd) {}

    /**
     * Starts a provider on a free loopback port.
     *
     * @param allowed calls in a window, 1 and up
     * @param window length of a window, whole seconds
     */
    Provider(int allowed, Duration window) {
        this.allowed = allowed;
        this.window = window;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen", e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** The calls from one time until before another. */
    synchronized List<Call> calls(Instant from, Instant to) {
        return calls.stream()
                .filter(call -> !call.at().isBefore(from) && call.at().isBefore(to))
                .toList();
    }

    /** The begin of the first window that begins after a time. */
    Instant windowAfter(Instant time) {
        long seconds = window.toSeconds();
        return Instant.ofEpochSecond((time.getEpochSecond() / seconds + 1) * seconds);
    }

    private void answer(HttpExchange exchange) throws IOException {
        Instant now = Instant.now();
        Answer answer = count(now);
        work();
        var headers = exchange.getResponseHeaders();
        headers.set("x-ratelimit-remaining", Integer.toString(answer.remaining()));
        headers.set("x-ratelimit-reset", Long.toString(answer.windowEnd().getEpochSecond()));
        if (answer.refused()) {
            long seconds =
                    Duration.between(now, answer.windowEnd()).plusMillis(999).toSeconds();
            headers.set("Retry-After", Long.toString(seconds));
        }
        exchange.sendResponseHeaders(answer.refused() ? TOO_MANY_REQUESTS : OK, NO_BODY);
        exchange.close();
    }

    private synchronized Answer count(Instant now) {
        if (!now.isBefore(windowEnd)) {
            windowEnd = windowAfter(now);
            usedInWindow = 0;
        }
        boolean refused = usedInWindow >= allowed;
        if (!refused) {
            usedInWindow++;
        }
        calls.add(new Call(now, refused));
        return new Answer(refused, allowed - usedInWindow, windowEnd);
    }

    private static void work() {
        try {
            TimeUnit.NANOSECONDS.sleep(WORK.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
