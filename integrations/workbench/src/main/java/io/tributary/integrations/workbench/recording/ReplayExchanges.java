package io.tributary.integrations.workbench.recording;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.http.Received;
import io.tributary.integrations.http.Transport;
import io.tributary.integrations.workbench.recording.RecordedExchange.Ending;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Answers from a recording and asks nobody. The first request of a method and URL gets the first answer that was
 * recorded for them, the second one the second; headers and bodies of requests are not compared. Thread safe.
 */
public final class ReplayExchanges implements Transport {

    private final Map<String, Queue<Ending>> endings = new HashMap<>();
    private final Redaction redaction;

    /** @param redaction of the credentials the integration has now: in the recording, URLs are without them as well */
    public ReplayExchanges(Recording recording, Redaction redaction) {
        this.redaction = redaction;
        for (RecordedExchange exchange : recording.exchanges()) {
            endings.computeIfAbsent(exchange.key(), _ -> new ArrayDeque<>()).add(exchange.ending());
        }
    }

    /**
     * @throws TaskFailure.Permanent {@code integration.notRecorded} when the recording has no answer, or none any more
     */
    @Override
    public Received exchange(HttpRequest request) throws TaskFailure {
        return switch (next(RecordedExchange.key(
                request.method(), redaction.text(request.uri().toString())))) {
            case Ending.Answered(Received answer) -> answer;
            case Ending.Broken broken -> throw broken.failure();
        };
    }

    private synchronized Ending next(String key) throws TaskFailure {
        Queue<Ending> recorded = endings.get(key);
        Ending next = recorded == null ? null : recorded.poll();
        if (next == null) {
            throw new TaskFailure.Permanent(
                    "integration.notRecorded",
                    "The recording has no " + (recorded == null ? "" : "further ") + "answer to " + key
                            + ": give the config and options that it was recorded with, or record again.",
                    null);
        }
        return next;
    }
}
