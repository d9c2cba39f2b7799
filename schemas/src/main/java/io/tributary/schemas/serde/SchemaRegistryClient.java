package io.tributary.schemas.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.schemas.serde.RegistryConnection.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The part of Confluent's registry API that a serde needs. Ids and schemas never change in a registry, so responses are
 * cached. Thread safe.
 *
 * <p>What a failure makes the caller do: {@link TimeoutException} (retriable): the registry does not answer, try again
 * later; {@link InvalidConfigurationException}: it rejects the schema, deploy a compatible one;
 * {@link SerializationException}: it does not know the schema, and has not for a while; {@link ConfigException} or
 * {@link org.apache.kafka.common.errors.AuthenticationException}: its URL or the credentials are wrong.
 */
final class SchemaRegistryClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<RegistryAddress, SchemaRegistryClient> SHARED = new ConcurrentHashMap<>();

    private final RegistryConnection connection;
    private final Remembered<Integer, Schema> schemas = new Remembered<>();
    private final Remembered<Integer, Long> unknownSince = new Remembered<>();
    private final Remembered<SubjectSchema, Integer> ids = new Remembered<>();
    private final Remembered<String, Registered> latest = new Remembered<>();

    private static final Duration UNKNOWN_ID_PAUSE = Duration.ofMillis(500);

    private record SubjectSchema(String subject, Schema schema) {}

    /** A schema with its id in the registry. */
    record Registered(int id, Schema schema) {}

    SchemaRegistryClient(RegistryConnection connection) {
        this.connection = connection;
    }

    /** The client of a registry; the serdes of a process share it with its cache. */
    static SchemaRegistryClient shared(SerdeConfig config) {
        return SHARED.computeIfAbsent(
                config.registry(), address -> new SchemaRegistryClient(new RegistryConnection(address)));
    }

    /**
     * The schema of an id.
     *
     * @param unknownIdWait how long an unknown id is retriable, from its first use: a replica of the registry may lag
     */
    Schema schema(int id, Duration unknownIdWait) {
        Schema known = schemas.get(id);
        if (known != null) {
            return known;
        }
        try {
            Schema schema = parse(json(connection.get("schemas/ids/" + id)));
            schemas.put(id, schema);
            return schema;
        } catch (RegistryConnection.UnknownException e) {
            Long since = unknownSince.get(id);
            if (since == null) {
                since = System.nanoTime();
                unknownSince.put(id, since);
            }
            if (System.nanoTime() - since >= unknownIdWait.toNanos()) {
                throw e;
            }
            pause();
            throw new TimeoutException("schema " + id + " is not known to the registry yet", e);
        }
    }

    /** The caller reads the record again at once. */
    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(UNKNOWN_ID_PAUSE.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * The id of a schema under a subject.
     *
     * @param register register it when it is not there yet
     */
    int id(String subject, Schema schema, boolean register) {
        var key = new SubjectSchema(subject, schema);
        Integer known = ids.get(key);
        if (known != null) {
            return known;
        }
        String body = JSON.createObjectNode()
                .put("schemaType", "AVRO")
                .put("schema", schema.toString())
                .toString();
        int id = number(json(connection.post(subject(subject) + (register ? "/versions" : ""), body)), "id");
        ids.put(key, id);
        schemas.put(id, schema);
        return id;
    }

    /** The latest schema of a subject, as of the first request for it. */
    Registered latest(String subject) {
        Registered known = latest.get(subject);
        if (known != null) {
            return known;
        }
        JsonNode answer = json(connection.get(subject(subject) + "/versions/latest"));
        var registered = new Registered(number(answer, "id"), parse(answer));
        latest.put(subject, registered);
        return registered;
    }

    private Schema parse(JsonNode answer) {
        String type = answer.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new SerializationException("the schema is " + type + ", not Avro");
        }
        // The registry has accepted the schema, so no stricter check applies here.
        var parser = new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false);
        parseReferences(parser, answer, new HashSet<>());
        return parse(parser, answer);
    }

    /** Adds the types that a schema refers to to the parser, each after its own references. */
    private void parseReferences(Schema.Parser parser, JsonNode answer, Set<String> visited) {
        for (JsonNode reference : answer.path("references")) {
            String path = subject(text(reference, "subject")) + "/versions/" + number(reference, "version");
            if (visited.add(path)) {
                JsonNode referred = json(connection.get(path));
                parseReferences(parser, referred, visited);
                parse(parser, referred);
            }
        }
    }

    private static Schema parse(Schema.Parser parser, JsonNode answer) {
        String schema = text(answer, "schema");
        try {
            return parser.parse(schema);
        } catch (RuntimeException e) { // a schema can be wrong in many ways, and Avro has an exception for each
            throw new SerializationException("the registry's schema cannot be parsed: " + e.getMessage(), e);
        }
    }

    private static String subject(String subject) {
        return "subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static JsonNode json(Answer answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw unexpected(answer.from() + " answered with something that is not JSON", e);
        }
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw unexpected("an answer has no " + field, null);
        }
        return value.asText();
    }

    private static int number(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw unexpected("an answer has no " + field, null);
        }
        return value.asInt();
    }

    private static ConfigException unexpected(String what, @Nullable Throwable cause) {
        var failure = new ConfigException(
                "this is no schema registry with Confluent's API, " + what + ": is schema.registry.url right?");
        if (cause != null) {
            failure.initCause(cause);
        }
        return failure;
    }
}
