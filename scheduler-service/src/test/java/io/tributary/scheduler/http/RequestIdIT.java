package io.tributary.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Api.Answer;
import io.tributary.scheduler.testing.ApiTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class RequestIdIT extends ApiTest {

    @Test
    void returnsAndLogsTheIdOfTheRequest(CapturedOutput output) {
        String given = "request-" + UUID.randomUUID();

        var answer = ann.send(ann.request("/v1/sync-runs/" + UUID.randomUUID() + "/cancel")
                .header("X-Request-Id", given)
                .POST(BodyPublishers.noBody()));

        assertThat(idOf(answer)).isEqualTo(given);
        assertThat(output.getAll().lines().filter(line -> line.contains(given)))
                .anyMatch(line -> line.contains("audit.changeRequested"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a b", "an id that is longer than sixty-four characters would fill the lines of a log", "é"})
    void makesAnIdInPlaceOfAnUnusableOne(String unusable) {
        var answer = ann.send(
                ann.request("/sync/info").header("X-Request-Id", unusable).GET());

        assertThat(UUID.fromString(idOf(answer))).isNotNull();
    }

    @Test
    void givesAnIdToRejectedRequests() {
        var answer = scheduler.nobody().get("/sync/info").expectProblem(401, "api.unauthenticated");

        assertThat(UUID.fromString(idOf(answer))).isNotNull();
    }

    @Test
    void servesThePageThatProblemsLeadTo() {
        String type = ann.get("/v1/sync-runs/" + UUID.randomUUID())
                .expectProblem(404, "api.notFound")
                .text("type");

        var page = scheduler.nobody().get(type).expect(200);

        assertThat(page.contentType()).startsWith("text/html");
        assertThat(page.body()).contains("<tr id=\"" + type.substring(type.indexOf('#') + 1) + "\">");
    }

    private static String idOf(Answer answer) {
        return answer.response().headers().firstValue("X-Request-Id").orElseThrow();
    }
}
