package io.tributary.pipeline.bench.plugin;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.RateLimitHeaders;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.LongStream;

/** Tasks that call a provider once each. Config: {@code url}, and {@code calls}, how many after the first one. */
public abstract class ProviderCalls extends DescribedIntegration {

    public static final String INITIAL_TASK = "first";

    private static final String CALL = "call";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int TOO_MANY_REQUESTS = 429;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    ProviderCalls(String domain, Limits limits) {
        super(domain, limits, Manifest.TaskType.list(INITIAL_TASK), Manifest.TaskType.download(CALL));
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        call(context);
        if (task.type().equals(CALL)) {
            return TaskResult.nothing();
        }
        return TaskResult.ofTasks(LongStream.range(0, context.config().requireInteger("calls"))
                .mapToObj(number -> FollowUp.of(CALL, "number", number))
                .toList());
    }

    private void call(TaskContext context) throws TaskFailure, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(context.config().requireText("url")))
                .timeout(PATIENCE)
                .build();
        HttpResponse<Void> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            throw new TaskFailure.Transient("bench.unreachable", "The provider does not answer.", e);
        }
        var headers = new RateLimitHeaders(
                response.headers()::firstValue, context.clock().instant());
        headers.quota().ifPresent(context::quota);
        if (response.statusCode() == TOO_MANY_REQUESTS) {
            throw new TaskFailure.RetryLater(
                    "bench.refused", "The provider asks to wait.", headers.waitOr(Duration.ofSeconds(1)));
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
