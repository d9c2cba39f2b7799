package io.tributary.standalone.integration;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.http.Received;
import io.tributary.integrations.http.Transport;
import io.tributary.integrations.workbench.recording.Redaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Notes what requests came to. Thread safe. */
public final class MeasureExchanges {

    /**
     * A request that ended.
     *
     * @param url without secrets
     * @param ending the status, or the code of the failure when there was no answer
     * @param bytes of the answer's body, decompressed
     */
    public record Measured(String method, String url, String ending, long bytes, Duration took) {}

    private final Redaction redaction;
    private final LongSupplier nanoTime;
    private final List<Measured> measured = new ArrayList<>();

    /** @param nanoTime a time that only differences are taken of, in nanoseconds */
    public MeasureExchanges(Redaction redaction, LongSupplier nanoTime) {
        this.redaction = redaction;
        this.nanoTime = nanoTime;
    }

    /** Passes requests on to a transport, and notes them. */
    public Transport before(Transport provider) {
        return request -> measured(request, provider);
    }

    private Received measured(HttpRequest request, Transport provider) throws TaskFailure {
        long start = nanoTime.getAsLong();
        try {
            Received answer = provider.exchange(request);
            redaction.learn(answer.body());
            note(request, Integer.toString(answer.status()), answer.body().length, start);
            return answer;
        } catch (TaskFailure failure) {
            note(request, failure.code(), 0, start);
            throw failure;
        }
    }

    private void note(HttpRequest request, String ending, long bytes, long start) {
        var took = Duration.ofNanos(nanoTime.getAsLong() - start);
        String url = redaction.text(request.uri().toString());
        synchronized (measured) {
            measured.add(new Measured(request.method(), url, ending, bytes, took));
        }
    }

    /** What ended since this was asked the last time. */
    public List<Measured> take() {
        synchronized (measured) {
            var taken = List.copyOf(measured);
            measured.clear();
            return taken;
        }
    }
}
