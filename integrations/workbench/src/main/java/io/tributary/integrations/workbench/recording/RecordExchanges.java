package io.tributary.integrations.workbench.recording;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.http.Received;
import io.tributary.integrations.http.Transport;
import io.tributary.integrations.workbench.recording.RecordedExchange.Ending;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps what was exchanged, without secrets. Thread safe. */
public final class RecordExchanges {

    /** They describe the body as it was on the wire; a recording keeps it decompressed. */
    private static final Set<String> OF_THE_WIRE =
            Set.of("connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding");

    private final Redaction redaction;
    private final List<RecordedExchange> exchanges = new ArrayList<>();
    private long bytes;

    public RecordExchanges(Redaction redaction) {
        this.redaction = redaction;
    }

    /**
     * Passes requests on to a provider, and keeps what is exchanged. Fails as the provider does, and as
     * {@link TaskFailure.Permanent} {@code integration.recordingFull} beyond the bounds of a {@link Recording}.
     */
    public Transport before(Transport provider) {
        return request -> exchange(request, provider);
    }

    private Received exchange(HttpRequest request, Transport provider) throws TaskFailure {
        redaction.learn(request.hidden());
        Received answer;
        try {
            // A recording has the body.
            answer = provider.exchange(
                    request.into() == null
                            ? request
                            : request.into(null, Math.min(request.maxBytes(), Recording.MOST_BYTES)));
        } catch (TaskFailure failure) {
            var broken = Ending.Broken.of(failure);
            keep(request, new Ending.Broken(broken.kind(), broken.code(), redaction.text(broken.message())));
            throw failure;
        }
        // First the answer: a token that it brings is a secret in the next request.
        keep(request, new Ending.Answered(withoutSecrets(answer)));
        return answer;
    }

    /** What was exchanged until now. */
    public synchronized Recording recording(String domain, Instant at, Set<String> credentialKeys) {
        // Once more: the token of a session was in an answer before a request told that it is a secret.
        var clean = exchanges.stream().map(this::withoutSecrets).toList();
        return new Recording(domain, at, credentialKeys.stream().sorted().toList(), clean);
    }

    private synchronized void keep(HttpRequest request, Ending ending) throws TaskFailure {
        RecordedExchange exchange = withoutSecrets(request, ending);
        long size = size(exchange);
        if (exchanges.size() == Recording.MOST_EXCHANGES || bytes + size > Recording.MOST_BYTES) {
            throw new TaskFailure.Permanent(
                    "integration.recordingFull",
                    "A recording has at most " + Recording.MOST_EXCHANGES + " exchanges and "
                            + (Recording.MOST_BYTES >> 20) + " MB of bodies: record fewer tasks.",
                    null);
        }
        bytes += size;
        exchanges.add(exchange);
    }

    private static long size(RecordedExchange exchange) {
        byte[] sent = exchange.body();
        int received = exchange.ending() instanceof Ending.Answered(Received answer) ? answer.body().length : 0;
        return (sent == null ? 0 : sent.length) + received;
    }

    private RecordedExchange withoutSecrets(RecordedExchange exchange) {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.headers().forEach((name, value) -> headers.put(name, redaction.header(name, value)));
        byte[] body = exchange.body();
        return new RecordedExchange(
                exchange.method(),
                redaction.text(exchange.url()),
                headers,
                body == null ? null : redaction.bytes(body),
                exchange.ending() instanceof Ending.Answered(Received answer)
                        ? new Ending.Answered(withoutSecrets(answer))
                        : exchange.ending());
    }

    private Received withoutSecrets(Received answer) {
        byte[] body = redaction.bytes(answer.body());
        var headers = new LinkedHashMap<String, List<String>>();
        answer.headers().forEach((name, values) -> {
            if (!OF_THE_WIRE.contains(name)) {
                headers.put(
                        name,
                        values.stream()
                                .map(value -> redaction.header(name, value))
                                .toList());
            }
        });
        return new Received(answer.status(), headers, body);
    }

    private RecordedExchange withoutSecrets(HttpRequest request, Ending ending) {
        Map<String, String> headers = new LinkedHashMap<>();
        request.headers().forEach((name, value) -> headers.put(name, redaction.header(name, value)));
        byte[] body = request.body();
        return new RecordedExchange(
                request.method(),
                redaction.text(request.uri().toString()),
                headers,
                body == null ? null : redaction.bytes(body),
                ending);
    }
}
