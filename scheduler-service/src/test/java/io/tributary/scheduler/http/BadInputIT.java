package io.tributary.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.ApiTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes in is answered with a problem that says so; never with a 5xx, never with a stack trace. */
class BadInputIT extends ApiTest {

    private static final String PATH = "/v1/user-integrations";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "nonsense",
                "{\"integrationDomain\": \"hello\", \"integrationDomain\": \"mail\"}",
                "{'integrationDomain': 'hello'}",
                "{\"integrationDomain\": \"hello\", \"name\": \"\\u12\"}",
                "{\"integrationDomain\": \"mail\", \"credentials\": {\"\\ud800\": \"x\"}}",
                "{\"integrationDomain\": \"mail\", \"config\": {\"\\ud800\": \"x\"}}",
                "{\"\\ud800\": 1}"
            })
    void namesMalformedJson(String body) {
        ann.post(PATH, body).expectProblem(400, "api.malformedJson");
    }

    @Test
    void namesJsonThatNestsTooDeeply() {
        String deep = "{\"integrationDomain\": \"cloud\", \"config\": " + "{\"a\":".repeat(600) + "1" + "}".repeat(601);

        ann.post(PATH, deep).expectProblem(400, "api.malformedJson");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/integrationDomain {\"integrationDomain\": 1}",
                "/integrationDomain {\"integrationDomain\": {}}",
                "/integrationDomain {\"integrationDomain\": [\"hello\"]}",
                "/integrationDomain {\"integrationDomain\": \"\"}",
                "/integrationDomain {\"integrationDomain\": \"a\\u0000b\"}",
                "/config {\"integrationDomain\": \"hello\", \"config\": []}",
                "/config {\"integrationDomain\": \"hello\", \"config\": \"x\"}",
                "/config/count {\"integrationDomain\": \"hello\", \"config\": {\"count\": 1.5}}",
                "/config/count {\"integrationDomain\": \"hello\", \"config\": {\"count\": -1}}",
                "/config/count {\"integrationDomain\": \"hello\", \"config\": {\"count\": 1e1000000000}}",
                "/config/greeting {\"integrationDomain\": \"hello\", \"config\": {\"greeting\": \"\\u0000\"}}",
                "/config/x {\"integrationDomain\": \"cloud\", \"config\": {\"x\": 1e999}, \"credentials\":"
                        + " {\"apiKey\": \"k\"}}",
                "/credentials {\"integrationDomain\": \"mail\", \"credentials\": \"x\"}",
                "/credentials/password {\"integrationDomain\": \"mail\", \"credentials\": {\"password\": 1}}",
                "/credentials/password {\"integrationDomain\": \"mail\", \"credentials\": {\"password\": {}}}",
                "/name {\"integrationDomain\": \"hello\", \"name\": \"\\u0000\"}",
                "/name {\"integrationDomain\": \"hello\", \"name\": \"\\ud800\"}",
                "/name {\"integrationDomain\": \"hello\", \"name\": true}",
                "/pollIntervalMinutes {\"integrationDomain\": \"hello\", \"pollIntervalMinutes\": \"5\"}",
                "/pollIntervalMinutes {\"integrationDomain\": \"hello\", \"pollIntervalMinutes\": 1.5}",
                "/pollIntervalMinutes {\"integrationDomain\": \"hello\", \"pollIntervalMinutes\": 99999999999999}",
                "/pollIntervalMinutes {\"integrationDomain\": \"hello\", \"pollIntervalMinutes\": -1}",
                "/scheduleCron {\"integrationDomain\": \"hello\", \"scheduleCron\": \"\\u0000\"}",
                "/credentials/apiKey {\"integrationDomain\": \"cloud\", \"credentials\": {\"apiKey\": \"\\ud800\"}}",
                "/integrationDomain {\"integrationDomain\": \"\\ud800\"}",
                "/a~1b~0 {\"a/b~\": 1}",
                "/unknown {\"integrationDomain\": \"hello\", \"unknown\": 1}"
            })
    void namesThePlaceOfWhatDoesNotFit(String pathAndBody) {
        String[] parts = pathAndBody.split(" ", 2);

        ann.post(PATH, parts[1]).expectError(parts[0]);
    }

    @Test
    void listsTheKnownFieldsWhenItNamesAnUnknownOne() {
        var answer = ann.post(PATH, "{\"unknown\": 1}").expectError("/unknown");

        assertThat(answer.body())
                .contains("authorize, catchUp, config, credentials, integrationDomain, jitterSeconds, name, orgId,"
                        + " overlap, pauseWindows, pollIntervalMinutes, retentionDays, scheduleCron, scheduleZone,"
                        + " schedules, userId");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "\"x\"", "{\"integrationDomain\": \"hello\"} {}"})
    void wantsOneObject(String body) {
        ann.post(PATH, body).expectError("");
    }

    @Test
    void refusesForAnotherUserOnlyWhatIsStorable() {
        scheduler
                .operator()
                .post(PATH, "{\"integrationDomain\": \"hello\", \"userId\": \"a\\u0000b\"}")
                .expectError("/userId");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "%00", "1", "0198c0de", "..%2f..", "%27%3B--"})
    void namesIdsThatAreNone(String id) {
        for (String path : new String[] {PATH + "/" + id, "/v1/sync-runs/" + id, "/v1/sync-runs/" + id + "/proof"}) {
            var answer = ann.get(path);
            assertThat(answer.status()).as(path).isEqualTo(400);
            assertThat(answer.contentType()).as(path).startsWith("application/problem+json");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=-1",
                "limit=1001",
                "limit=x",
                "limit=99999999999999999999",
                "limit=1.5",
                "cursor=x",
                "cursor=%00",
                "cursor=Q09OVEVOVDox"
            })
    void namesBadPaging(String query) {
        String name = query.substring(0, query.indexOf('='));

        ann.get(PATH + "?" + query).expectError(name);
        ann.get("/v1/sync-runs?" + query).expectError(name);
    }

    @Test
    void namesBadFilters() {
        ann.get("/v1/sync-runs?userIntegrationId=x").expectError("userIntegrationId");
        ann.get("/v1/user-integration-content?userIntegrationId=x").expectError("userIntegrationId");
        ann.get("/v1/user-integration-content?userIntegrationId=" + UUID.randomUUID() + "&externalId=%00")
                .expectError("externalId");
        ann.get("/v1/user-integration-content?userIntegrationId=" + UUID.randomUUID() + "&externalId=")
                .expectError("externalId");
    }

    @Test
    void namesUnknownRoutesAndMethods() {
        ann.get("/v1/unknown").expectProblem(404, "api.notFound");
        ann.get("/").expectProblem(404, "api.notFound");
        ann.get("/error").expectProblem(404, "api.notFound");
        var answer = ann.delete(PATH).expectProblem(405, "api.methodNotAllowed");
        assertThat(answer.response().headers().firstValue("Allow"))
                .hasValueSatisfying(allow -> assertThat(allow).contains("GET").contains("POST"));
    }

    @Test
    void namesOtherMediaTypes() {
        ann.send(ann.request("/sync/platforms").header("Accept", "text/html")).expectProblem(406, "api.notAcceptable");
        ann.send(ann.request("/sync/platforms").header("Accept", "application/yaml"))
                .expectProblem(406, "api.notAcceptable");
        ann.send(ann.request("/v1/unknown").header("Accept", "text/html")).expectProblem(404, "api.notFound");
        for (String type :
                new String[] {"text/plain", "application/yaml", "application/x-www-form-urlencoded", "nonsense"}) {
            ann.send(ann.request(PATH).header("Content-Type", type).POST(BodyPublishers.ofString("a: b")))
                    .expectProblem(415, "api.unsupportedMediaType");
        }
    }

    @Test
    void refusesBodiesThatAreTooLarge() {
        String large = "{\"integrationDomain\": \"" + "x".repeat(BodyLimitFilter.MAX_BYTES) + "\"}";

        ann.post(PATH, large).expectProblem(413, "api.bodyTooLarge");
        ann.send(ann.request(PATH)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofInputStream(
                                () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8)))))
                .expectProblem(413, "api.bodyTooLarge");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/sync-runs/%zz HTTP/1.1\r\nHost: x\r\n",
                "GET /v1/../etc HTTP/1.1\r\nHost: x\r\n",
                "GET /v1/sync-runs;a=b HTTP/1.1\r\nHost: x\r\n",
                "GET /v1//sync-runs HTTP/1.1\r\nHost: x\r\n",
                "GET /v1/sync-runs?a=<> HTTP/1.1\r\nHost: x\r\n",
                "GET /v1/sync-runs HTTP/1.1\r\n",
                "TRACE /v1/sync-runs HTTP/1.1\r\nHost: x\r\n",
                "NONSENSE /v1/sync-runs HTTP/1.1\r\nHost: x\r\n",
                "nonsense\r\n"
            })
    void answersBrokenHttpWithAProblemToo(String request) throws IOException {
        String answer = exchange(request + "Connection: close\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1.1 4\\d\\d .*");
        assertThat(answer.toLowerCase(Locale.ROOT)).contains("content-type: application/problem+json");
        assertThat(answer).contains("\"code\":\"api.").doesNotContain("<html", "Exception", "Tomcat");
    }

    private String exchange(String request) throws IOException {
        URI base = ann.base();
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
