package io.tributary.edge.webhooks;

import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.edge.http.EdgeProblem;
import io.tributary.edge.http.ReadBody;
import io.tributary.edge.http.Refused;
import io.tributary.edge.webhooks.AnswerChallenge.Answer;
import io.tributary.edge.webhooks.Endpoints.Ready;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Takes webhooks. {@code /webhooks/PLATFORM/KEY} names an endpoint. At {@value #SHARED}, the signature, or the token of
 * a challenge, identifies the endpoints of provider apps; {@code ?platform=} limits them to those of an integration. Two
 * apps may have the same secret, such as those of Facebook and Instagram: then the webhook is stored for both, and
 * starts a run where its account is connected.
 *
 * <p>A webhook is answered 200 once Kafka has it, also if it repeats an earlier one. A body is read only if the request
 * names a key or has a signature header.
 */
public final class WebhookServlet extends HttpServlet {

    /** The address that all provider apps may share. */
    public static final String SHARED = "/social-activity/webhook";

    /** Paths before {@code /PLATFORM/KEY}. */
    public static final String PREFIX = "/webhooks";

    private static final long serialVersionUID = 1;

    /** Endpoints that one request to {@link #SHARED} is compared with, at most. */
    private static final int MOST_CANDIDATES = 50;

    private final transient Endpoints endpoints;
    private final transient BooleanSupplier caughtUp;
    private final transient ReadBody readBody;
    private final transient StoreWebhook storeWebhook;
    private final transient MeterRegistry meters;
    private final transient Clock clock;

    /** @param caughtUp whether all endpoints are known; until then, providers have to send again */
    public WebhookServlet(
            Endpoints endpoints,
            BooleanSupplier caughtUp,
            ReadBody readBody,
            StoreWebhook storeWebhook,
            MeterRegistry meters,
            Clock clock) {
        this.endpoints = endpoints;
        this.caughtUp = caughtUp;
        this.readBody = readBody;
        this.storeWebhook = storeWebhook;
        this.meters = meters;
        this.clock = clock;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        refusing(request, response, () -> {
            Answer answer = candidates(request, _ -> true).stream()
                    .map(endpoint -> AnswerChallenge.toGet(endpoint, request::getParameter))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .orElseThrow(() -> new Refused(EdgeProblem.BAD_CHALLENGE));
            write(response, answer);
            count("challenged");
        });
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        refusing(request, response, () -> {
            List<Ready> candidates = candidates(
                    request, rules -> request.getHeader(rules.verify().header()) != null);
            if (candidates.isEmpty()) {
                throw new Refused(EdgeProblem.BAD_SIGNATURE);
            }
            readBody.of(request, body -> accept(candidates, request, body, response));
        });
    }

    private void accept(List<Ready> candidates, HttpServletRequest request, byte[] body, HttpServletResponse response)
            throws IOException, Refused {
        var received = new Received(request::getHeader, body, clock.instant());
        List<Ready> genuine = candidates.stream()
                .filter(it -> VerifySignature.holds(it.rules(), it.secret().secret(), received))
                .toList();
        if (genuine.isEmpty()) {
            throw new Refused(EdgeProblem.BAD_SIGNATURE);
        }
        Optional<Answer> challenge = AnswerChallenge.toPost(genuine.getFirst().rules(), received);
        if (challenge.isPresent()) {
            write(response, challenge.get());
            count("challenged");
            return;
        }
        for (Ready endpoint : genuine) {
            storeWebhook.store(endpoint.endpoint(), endpoint.rules(), received);
        }
        response.setStatus(HttpServletResponse.SC_OK);
        count("stored");
    }

    /** The endpoints that the request may be for, those with such rules. */
    private List<Ready> candidates(HttpServletRequest request, Predicate<Rules> having) throws Refused {
        if (!caughtUp.getAsBoolean()) {
            throw new Refused(EdgeProblem.NOT_STORED);
        }
        String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
        if (path.equals(SHARED)) {
            return endpoints.ofApps(platform(request)).stream()
                    .filter(endpoint -> endpoints.rules(endpoint).filter(having).isPresent())
                    .limit(MOST_CANDIDATES)
                    .map(endpoints::ready)
                    .flatMap(Optional::stream)
                    .toList();
        }
        String[] parts = path.split("/", -1); // "", "webhooks", PLATFORM, KEY
        UUID key = parts.length == 4 ? uuid(parts[3]) : null;
        if (key == null) {
            throw new Refused(EdgeProblem.UNKNOWN_ENDPOINT);
        }
        Endpoint endpoint = endpoints.find(parts[2], key).orElseThrow(() -> new Refused(EdgeProblem.UNKNOWN_ENDPOINT));
        // Without its manifest it cannot be verified yet: the provider sends it again.
        return Optional.of(endpoints.ready(endpoint).orElseThrow(() -> new Refused(EdgeProblem.NOT_STORED)))
                .filter(it -> having.test(it.rules()))
                .stream()
                .toList();
    }

    /** Of the query alone: to look for a parameter of a form would read the body. */
    private static @Nullable String platform(HttpServletRequest request) {
        String query = request.getQueryString();
        return query == null
                ? null
                : UriComponentsBuilder.newInstance()
                        .query(query)
                        .build()
                        .getQueryParams()
                        .getFirst("platform");
    }

    private static @Nullable UUID uuid(String text) {
        try {
            return text.length() == 36 ? UUID.fromString(text) : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static void write(HttpServletResponse response, Answer answer) throws IOException {
        if (answer.text().isEmpty()) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        response.setStatus(HttpServletResponse.SC_OK);
        // A browser must not take the text of somebody else for a page.
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType(answer.json() ? "application/json" : "text/plain");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.getOutputStream().write(answer.text().getBytes(StandardCharsets.UTF_8));
    }

    private interface Step {
        void run() throws IOException, Refused;
    }

    private void refusing(HttpServletRequest request, HttpServletResponse response, Step step) throws IOException {
        try {
            step.run();
        } catch (Refused e) {
            count(e.problem().code());
            if (!request.getMethod().equals("GET")) {
                response.setHeader("Connection", "close"); // its body may not have been read
            }
            e.problem().write(response);
        }
    }

    private void count(String result) {
        meters.counter("tributary.webhooks.received", "result", result).increment();
    }
}
