package io.tributary.schemas.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The part of Confluent's registry API that a serde needs. Ids and schemas never change in a registry, so what was
 * asked once is remembered for good. Thread safe.
 *
 * <p>What a failure makes the caller do: {@link TimeoutException} (retriable): the registry is away, try again later;
 * {@link InvalidConfigurationException}: it refuses the schema as incompatible, deploy a compatible one; {@link
 * SerializationException}: it does not know what was asked for.
 */
final class SchemaRegistryClient {

    private static final int TRIES = 4;
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, SchemaRegistryClient> SHARED = new ConcurrentHashMap<>();

    private final List<URI> bases;
    private final @Nullable String authorization;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private final Map<Registered, Integer> ids = new ConcurrentHashMap<>();
    private final Map<String, Latest> latest = new ConcurrentHashMap<>();

    private record Registered(String subject, Schema schema) {}

    /** A schema with its id in the registry. */
    record Latest(int id, Schema schema) {}

    private SchemaRegistryClient(List<String> urls, @Nullable String userInfo) {
        bases = urls.stream()
                .map(url -> URI.create(url.replaceAll("/+$", "") + "/"))
                .toList();
        authorization = userInfo == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
    }

    /** The client of a registry; serdes of one process share it, and what it remembers. */
    static SchemaRegistryClient shared(SerdeConfig config) {
        return SHARED.computeIfAbsent(
                config.urls() + "|" + config.userInfo(),
                key -> new SchemaRegistryClient(config.urls(), config.userInfo()));
    }

    /** The schema of an id. */
    Schema schema(int id) {
        Schema known = schemas.get(id);
        if (known != null) {
            return known;
        }
        JsonNode answer = call("schemas/ids/" + id, null);
        String type = answer.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new SerializationException("schema " + id + " is " + type + ", not Avro");
        }
        Schema schema = parse(answer);
        schemas.put(id, schema);
        return schema;
    }

    /**
     * The id of a schema under a subject.
     *
     * @param register register it when it is not there yet
     */
    int id(String subject, Schema schema, boolean register) {
        var key = new Registered(subject, schema);
        Integer known = ids.get(key);
        if (known != null) {
            return known;
        }
        String body = JSON.createObjectNode()
                .put("schemaType", "AVRO")
                .put("schema", schema.toString())
                .toString();
        int id = call("subjects/" + encoded(subject) + (register ? "/versions" : ""), body)
                .path("id")
                .asInt();
        ids.put(key, id);
        schemas.putIfAbsent(id, schema);
        return id;
    }

    /** The latest schema of a subject, as of the first time it was asked for. */
    Latest latest(String subject) {
        return latest.computeIfAbsent(subject, name -> {
            JsonNode answer = call("subjects/" + encoded(name) + "/versions/latest", null);
            return new Latest(answer.path("id").asInt(), parse(answer));
        });
    }

    private Schema parse(JsonNode answer) {
        var parser = new Schema.Parser();
        parseReferences(parser, answer);
        return parser.parse(answer.path("schema").asText());
    }

    private void parseReferences(Schema.Parser parser, JsonNode answer) {
        for (JsonNode reference : answer.path("references")) {
            String name = reference.path("name").asText();
            if (parser.getTypes().containsKey(name)) {
                continue;
            }
            JsonNode referred = call(
                    "subjects/" + encoded(reference.path("subject").asText()) + "/versions/"
                            + reference.path("version").asInt(),
                    null);
            parseReferences(parser, referred);
            parser.parse(referred.path("schema").asText());
        }
    }

    private JsonNode call(String path, @Nullable String body) {
        TimeoutException unavailable = null;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            URI base = bases.get(attempt % bases.size());
            try {
                if (attempt >= bases.size()) {
                    Thread.sleep(FIRST_WAIT.multipliedBy(1L << (attempt - bases.size())));
                }
                HttpResponse<String> response =
                        http.send(request(base, path, body), HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200) {
                    return JSON.readTree(response.body());
                }
                unavailable = refuseOrTryAgain(base, path, response, unavailable);
            } catch (JsonProcessingException e) {
                throw new SerializationException(
                        "the schema registry at " + base + " answered " + path
                                + " with something that is not JSON: is schema.registry.url right?",
                        e);
            } catch (IOException e) {
                unavailable = suppressing(
                        unavailable,
                        new TimeoutException(
                                "the schema registry at " + base
                                        + " cannot be reached: start it, or correct schema.registry.url",
                                e));
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
        throw unavailable != null ? unavailable : new IllegalStateException("no try was made");
    }

    /** Throws where another try would be told the same. */
    private static TimeoutException refuseOrTryAgain(
            URI base, String path, HttpResponse<String> response, @Nullable TimeoutException earlier) {
        int status = response.statusCode();
        String said = "the schema registry at " + base + " answered " + path + " with " + status + ": "
                + response.body().substring(0, Math.min(500, response.body().length()));
        if (status == 409) {
            throw new InvalidConfigurationException("the schema is not compatible with those before it; " + said);
        }
        if (status < 500 && status != 429) {
            throw new SerializationException(said);
        }
        return suppressing(earlier, new TimeoutException(said));
    }

    private static TimeoutException suppressing(@Nullable TimeoutException earlier, TimeoutException last) {
        if (earlier != null) {
            last.addSuppressed(earlier);
        }
        return last;
    }

    private HttpRequest request(URI base, String path, @Nullable String body) {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(REQUEST_TIMEOUT)
                .header("Accept", MEDIA_TYPE + ", application/json");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        if (body != null) {
            request.header("Content-Type", MEDIA_TYPE).POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return request.build();
    }

    private static String encoded(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
