package io.tributary.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.ApiDocument.Call;
import io.tributary.scheduler.testing.ApiTest;
import io.tributary.scheduler.testing.RowsOfAUser;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Requests made up from the description of the API, good ones and odd ones: whatever comes in, nothing is answered with
 * a 5xx, and nothing that the description does not say. The build makes the same requests each time, so that what it
 * finds comes of the change it builds; {@code -Dapi.fuzz.seed} and {@code -Dapi.fuzz.requests} look further.
 */
class FuzzIT extends ApiTest {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final List<String> ODD = List.of(
            "x",
            "0",
            "-1",
            "null",
            "'; drop table sync_run; --",
            "\u0000",
            "a\u0000b",
            "é€😀",
            "\uffff",
            "../../etc/passwd",
            "%00",
            "${jndi:ldap://127.0.0.1/}",
            "{{7*7}}",
            "2026-04-01",
            "9999999999999999999999",
            "1e999",
            "x".repeat(3_000));

    @Test
    void findsNoAnswerOutsideTheDocument() {
        long seed = Long.getLong("api.fuzz.seed", 1);
        int requests = Integer.getInteger("api.fuzz.requests", 800);
        System.out.println("api.fuzz.seed=" + seed + " api.fuzz.requests=" + requests);
        try {
            fuzz(seed, requests);
        } finally {
            scheduler.operator().post("/sync/resume/all").expect(200);
            for (String platform : List.of("hello", "mail", "cloud")) {
                scheduler.operator().post("/sync/resume/" + platform).expect(200);
            }
        }
    }

    private void fuzz(long seed, int requests) {
        var random = new Random(seed);
        String user = "fuzz-" + UUID.randomUUID();
        var calls = document().calls();
        RowsOfAUser rows = RowsOfAUser.create(scheduler, user);
        for (int i = 0; i < requests; i++) {
            if (i % 50 == 49) {
                rows = RowsOfAUser.create(scheduler, user); // some were deleted, and most have ended
            }
            Call call = calls.get(random.nextInt(calls.size()));
            if (i < calls.size() * 2) {
                call = calls.get(i % calls.size()); // each one, whatever chance says
            }
            var made = new Fuzzed(random, rows).make(call);
            String request = call.method() + " " + made.path() + " " + made.body();
            Api api = random.nextInt(20) == 0
                    ? scheduler.nobody()
                    : random.nextBoolean() ? scheduler.user(user) : scheduler.operator();

            var answer = send(api, call, made);

            assertThat(answer.status())
                    .as("-Dapi.fuzz.seed=%s: %s: %s", seed, request, answer.body())
                    .isLessThan(500);
            assertThat(document().violations(call, answer))
                    .as("-Dapi.fuzz.seed=%s: %s: %s %s", seed, request, answer.status(), answer.body())
                    .isEmpty();
        }
    }

    private static Api.Answer send(Api api, Call call, Made made) {
        var request = api.request(made.path());
        if (made.idempotencyKey() != null) {
            request.header("Idempotency-Key", made.idempotencyKey());
        }
        if (made.ifMatch() != null) {
            request.header("If-Match", made.ifMatch());
        }
        if (made.body() == null) {
            return api.send(request.method(call.method(), BodyPublishers.noBody()));
        }
        return api.send(request.header("Content-Type", made.contentType())
                .method(call.method(), BodyPublishers.ofString(made.body())));
    }

    private record Made(
            String path,
            @Nullable String body,
            String contentType,
            @Nullable String idempotencyKey,
            @Nullable String ifMatch) {}

    /** Makes requests up. */
    private final class Fuzzed {

        private final Random random;
        private final RowsOfAUser rows;

        Fuzzed(Random random, RowsOfAUser rows) {
            this.random = random;
            this.rows = rows;
        }

        Made make(Call call) {
            JsonNode body = call.body();
            return new Made(
                    path(call) + query(call),
                    body == null || random.nextInt(15) == 0 ? null : body(body),
                    random.nextInt(20) == 0 ? "text/plain" : "application/json",
                    call.method().equals("POST") && random.nextInt(4) == 0 ? "k" + random.nextInt(50) : null,
                    call.parameters("header").stream()
                                            .anyMatch(one ->
                                                    one.get("name").asString().equals("If-Match"))
                                    && random.nextInt(3) == 0
                            ? random.nextBoolean() ? "*" : "\"" + random.nextInt(3) + "\""
                            : null);
        }

        private String path(Call call) {
            if (random.nextInt(3) != 0) {
                return rows.fill(call.path());
            }
            String path = call.path();
            while (path.contains("{")) {
                path = path.replaceFirst("\\{[^}]*}", encoded(odd()).replace("$", "\\$"));
            }
            return path;
        }

        private String query(Call call) {
            var query = new StringBuilder();
            for (JsonNode parameter : call.parameters("query")) {
                if (random.nextInt(3) == 0) {
                    String name = parameter.get("name").asString();
                    query.append(query.isEmpty() ? "?" : "&")
                            .append(name)
                            .append("=")
                            .append(encoded(
                                    name.equals("userIntegrationId") && random.nextBoolean()
                                            ? rows.userIntegration().toString()
                                            : text(parameter.get("schema"))));
                }
            }
            return query.toString();
        }

        private String body(JsonNode schema) {
            if (random.nextInt(20) == 0) {
                return List.of("", "{", "[]", "null", "1", "\"x\"", "{\"a\": 1, \"a\": 2}")
                        .get(random.nextInt(7));
            }
            return JsonMapper.shared().writeValueAsString(value(schema, 0));
        }

        private JsonNode value(JsonNode reference, int depth) {
            JsonNode schema = document().resolve(reference);
            if (random.nextInt(12) == 0 || depth > 6) {
                return anything();
            }
            if (schema.has("anyOf")) {
                return value(schema.get("anyOf").get(0), depth + 1);
            }
            return switch (type(schema)) {
                case "object" -> object(schema, depth);
                case "array" -> JSON.arrayNode().add(value(schema.get("items"), depth + 1));
                case "integer" -> JSON.numberNode(random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(2000));
                case "number" -> JSON.numberNode(random.nextDouble());
                case "boolean" -> JSON.booleanNode(random.nextBoolean());
                case "string" -> JSON.stringNode(text(schema));
                default -> JSON.objectNode();
            };
        }

        private JsonNode object(JsonNode schema, int depth) {
            var object = JSON.objectNode();
            JsonNode properties = schema.get("properties");
            if (properties != null) {
                properties.forEachEntry((name, property) -> {
                    if (random.nextInt(3) != 0) {
                        object.set(name, known(name, property, depth));
                    }
                });
            }
            if (random.nextInt(20) == 0) {
                object.set(odd(), anything());
            }
            return object;
        }

        private JsonNode known(String name, JsonNode property, int depth) {
            if (random.nextInt(4) == 0) {
                return value(property, depth + 1);
            }
            return switch (name) {
                case "integrationDomain", "platform" -> JSON.stringNode("hello");
                case "userIntegrationId" ->
                    JSON.stringNode(rows.userIntegration().toString());
                case "type", "taskType" -> JSON.stringNode("greet");
                case "kind" -> JSON.stringNode("outputs");
                case "pollIntervalMinutes" -> JSON.numberNode(15);
                case "syncType" -> JSON.stringNode("default");
                default -> value(property, depth + 1);
            };
        }

        private JsonNode anything() {
            return switch (random.nextInt(6)) {
                case 0 -> JSON.nullNode();
                case 1 -> JSON.numberNode(random.nextLong());
                case 2 -> JSON.booleanNode(random.nextBoolean());
                case 3 -> JSON.arrayNode().add(odd());
                case 4 -> JSON.objectNode().put(odd(), odd());
                default -> JSON.stringNode(odd());
            };
        }

        private String text(JsonNode schema) {
            if (random.nextInt(3) == 0) {
                return odd();
            }
            String format = schema.path("format").asString("");
            return switch (format) {
                case "uuid" -> UUID.randomUUID().toString();
                case "date-time" -> Instant.ofEpochSecond(random.nextInt()).toString();
                default -> type(schema).equals("integer") ? Integer.toString(1 + random.nextInt(1_000)) : "text";
            };
        }

        private static String type(JsonNode schema) {
            JsonNode type = schema.path("type");
            return type.isArray() ? type.get(0).asString() : type.asString("");
        }

        private String odd() {
            return ODD.get(random.nextInt(ODD.size()));
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        }
    }
}
