package io.tributary.integrations.workbench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A provider for tests, on a free port of the loopback address: handlers answer, requests are recorded, and what can go
 * wrong on the way is injected.
 *
 * <pre>{@code
 * try (var provider = ScriptedHttpServer.start()) {
 *     provider.get("/items/{id}", request -> ScriptedAnswer.json("id", request.variable("id")));
 *     provider.inject(Fault.rateLimited(Duration.ofSeconds(7)), When.request(3));
 *     ...
 *     assertThat(provider.requests("/items/5")).hasSize(1);
 * }
 * }</pre>
 *
 * <p>HTTP/1.1 with kept connections. What no handler knows is answered with 404. A handler that throws answers with
 * 500, and {@link #close} throws what it threw. What the provider publishes about its API can be held against all that
 * happens here ({@link #heldAgainst}). Handlers are called on several threads.
 */
public final class ScriptedHttpServer implements AutoCloseable {

    private final ServerSocket socket;
    private final List<Route> routes = new CopyOnWriteArrayList<>();
    private final List<Injected> faults = new CopyOnWriteArrayList<>();
    private final List<ReceivedRequest> requests = new CopyOnWriteArrayList<>();
    private final List<Throwable> thrown = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile List<String> tokens = List.of();
    private volatile @Nullable PublishedApi published;

    /** Answers a request. */
    @FunctionalInterface
    public interface Handler {
        ScriptedAnswer answer(ReceivedRequest request) throws Exception;
    }

    private ScriptedHttpServer(ServerSocket socket) {
        this.socket = socket;
    }

    /** A server without handlers. */
    public static ScriptedHttpServer start() {
        try {
            var server = new ScriptedHttpServer(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its address, such as {@code http://127.0.0.1:34567}. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** The address of a path, which begins with a slash and may have a query. */
    public URI uri(String path) {
        return URI.create(uri() + path);
    }

    /**
     * Answers a method at a path; replaces an earlier handler of the same.
     *
     * @param path as {@link PathTemplate} has it, such as {@code /items/{id}}
     */
    public ScriptedHttpServer on(String method, String path, Handler handler) {
        routes.addFirst(new Route(method, PathTemplate.of(path), handler));
        return this;
    }

    public ScriptedHttpServer get(String path, Handler handler) {
        return on("GET", path, handler);
    }

    public ScriptedHttpServer post(String path, Handler handler) {
        return on("POST", path, handler);
    }

    /** From now on, answers 401 to what does not come with one of these access tokens; with none given, to nothing. */
    public ScriptedHttpServer acceptOnly(String... accessTokens) {
        tokens = List.of(accessTokens);
        return this;
    }

    /**
     * From now on, holds each request, and each answer of a handler, against what the provider publishes. Problems
     * change no answer; {@link #close} throws the first one.
     */
    public ScriptedHttpServer heldAgainst(PublishedApi published) {
        this.published = published;
        return this;
    }

    /** Lets something go wrong. Of several faults at one request, the one injected first happens. */
    public ScriptedHttpServer inject(Fault fault, When when) {
        faults.add(new Injected(fault, when));
        return this;
    }

    /** Takes back all faults. */
    public void heal() {
        faults.clear();
    }

    /** All requests so far, in order, also those that met a fault. */
    public List<ReceivedRequest> requests() {
        return List.copyOf(requests);
    }

    /** The requests of a path. */
    public List<ReceivedRequest> requests(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    /** Connections made so far. */
    public int connections() {
        return connections.get();
    }

    /** Closes the connections that are open, and takes new ones: what was kept is dead. */
    public void dropConnections() {
        open.forEach(ScriptedHttpServer::closeQuietly);
    }

    /**
     * Closes all connections.
     *
     * @throws AssertionError when a handler threw, or something was not as the provider publishes it
     */
    @Override
    public void close() {
        closing.countDown();
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        dropConnections();
        if (!thrown.isEmpty()) {
            throw new AssertionError(
                    "a handler threw, or is not like the provider: " + thrown.getFirst(), thrown.getFirst());
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                open.add(connection);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return; // Closed.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            var wire = new HttpWire(connection);
            for (Optional<ReceivedRequest> request = wire.read(); request.isPresent(); request = wire.read()) {
                requests.add(request.get());
                hold(request.get());
                if (!answer(request.get(), wire)) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client went away, or the test ended.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(connection);
        }
    }

    /** Returns whether the connection is to be kept. */
    private boolean answer(ReceivedRequest request, HttpWire wire) throws IOException, InterruptedException {
        // Each counts this request, also those that come too late for it.
        List<Injected> met =
                faults.stream().filter(injected -> injected.meets(request)).toList();
        switch (met.isEmpty() ? null : met.getFirst().fault()) {
            case null -> wire.write(handled(request), request);
            case Fault.Instead it -> wire.write(it.answer(), request);
            case Fault.Changed it -> wire.write(it.change().apply(handled(request)), request);
            case Fault.Slow it -> {
                if (closing.await(it.delay().toNanos(), TimeUnit.NANOSECONDS)) {
                    return false;
                }
                wire.write(handled(request), request);
            }
            case Fault.Truncated it -> {
                wire.writeHalf(handled(request));
                return false;
            }
            case Fault.Reset it -> {
                switch (it.stage()) {
                    case BEFORE_THE_HANDLER -> {}
                    case AFTER_THE_HANDLER -> handled(request);
                    case MIDWAY -> wire.writeHalf(handled(request));
                }
                wire.reset();
                return false;
            }
        }
        return true;
    }

    private ScriptedAnswer handled(ReceivedRequest request) {
        if (!tokens.isEmpty()
                && tokens.stream()
                        .noneMatch(token -> request.header("authorization")
                                .filter(("Bearer " + token)::equals)
                                .isPresent())) {
            return ((Fault.Instead) Fault.unauthorized()).answer();
        }
        for (Route route : routes) {
            Optional<Map<String, String>> variables = route.match(request);
            if (variables.isPresent()) {
                return asked(route.handler(), request.with(variables.get()));
            }
        }
        return ScriptedAnswer.json("error", "no handler for " + request).withStatus(404);
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private ScriptedAnswer asked(Handler handler, ReceivedRequest request) {
        try {
            ScriptedAnswer answer = handler.answer(request);
            hold(request, answer);
            return answer;
        } catch (Exception | AssertionError e) {
            thrown.add(e);
            return ScriptedAnswer.json("error", "the handler threw").withStatus(500);
        }
    }

    private void hold(ReceivedRequest request) {
        PublishedApi api = published;
        if (api != null) {
            try {
                note("the request " + request, api.problemsOf(request));
            } catch (RuntimeException | AssertionError e) {
                thrown.add(e);
            }
        }
    }

    private void hold(ReceivedRequest request, ScriptedAnswer answer) {
        PublishedApi api = published;
        if (api != null) {
            note("the answer to " + request, api.problemsOf(request, answer));
        }
    }

    private void note(String what, List<String> problems) {
        if (!problems.isEmpty()) {
            thrown.add(new AssertionError(what + " is not as the provider publishes it: " + problems));
        }
    }

    private static void closeQuietly(Socket connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // It is closed, one way or the other.
        }
    }

    private record Route(String method, PathTemplate path, Handler handler) {

        /** The variables of the path, if it matches. */
        Optional<Map<String, String>> match(ReceivedRequest request) {
            return method.equals(request.method()) ? path.match(request.path()) : Optional.empty();
        }
    }
}
