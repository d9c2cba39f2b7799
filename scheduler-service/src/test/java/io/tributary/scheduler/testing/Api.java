package io.tributary.scheduler.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST API as someone with a token meets it. */
public record Api(URI base, @Nullable String token) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.shared();

    /** What came back. */
    public record Answer(int status, String contentType, String body, HttpResponse<String> response) {

        public JsonNode json() {
            return JSON.readTree(body);
        }

        public String text(String field) {
            return json().get(field).asString();
        }

        /** Checks the status. */
        public Answer expect(int expected) {
            assertThat(status).as(body).isEqualTo(expected);
            return this;
        }

        /** Checks that it is a problem, whole and with that code. */
        public Answer expectProblem(int expected, String code) {
            expect(expected);
            assertThat(contentType).startsWith("application/problem+json");
            assertThat(json().get("status").asInt()).isEqualTo(expected);
            assertThat(text("code")).isEqualTo(code);
            assertThat(text("type")).isEqualTo("/errors.html#" + code);
            assertThat(text("title")).isNotBlank();
            assertThat(text("detail")).isNotBlank();
            return this;
        }

        /** Checks that it is an invalid request, with an error at that path. */
        public Answer expectError(String path) {
            expectProblem(400, "api.invalidRequest");
            assertThat(json().get("errors")
                            .valueStream()
                            .map(error -> error.get("path").asString()))
                    .contains(path);
            return this;
        }
    }

    /** Connects an account of the hello domain, and returns its id. */
    public UUID connectHello() {
        return UUID.fromString(post("/v1/user-integrations", "{\"integrationDomain\": \"hello\"}")
                .expect(201)
                .text("id"));
    }

    public Answer get(String path) {
        return send(request(path).GET());
    }

    public Answer post(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    public Answer post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()));
    }

    public Answer put(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    public Answer patch(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(json)));
    }

    public Answer delete(String path) {
        return send(request(path).DELETE());
    }

    /** A request to send; it has the token already. */
    public HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            var response = HTTP.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    response.body(),
                    response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
