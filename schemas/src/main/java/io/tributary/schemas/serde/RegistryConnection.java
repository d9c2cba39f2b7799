package io.tributary.schemas.serde;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a registry, one replica after the other, in up to three rounds with a pause between them. Gives up after at most
 * 10 s for each try; a registry that refuses connections is given up after 0.3 s. Thread safe.
 */
final class RegistryConnection {

    private static final int ROUNDS = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(3);
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(10);
    private static final int QUOTED_CHARACTERS = 500;
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

    private final RegistryAddress address;
    private final HttpClient http;

    /** @throws ConfigException when the settings of TLS cannot be used */
    RegistryConnection(RegistryAddress address) {
        this.address = address;
        var builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_PATIENCE);
        if (!address.tls().isEmpty()) {
            builder.sslContext(RegistryTls.contextOf(address.tls()));
        }
        this.http = builder.build();
    }

    /** The registry answers that it does not know what it was asked for. */
    static final class UnknownException extends SerializationException {
        private static final long serialVersionUID = 1;

        UnknownException(String message) {
            super(message);
        }
    }

    /** What a replica answered with status 200. */
    record Answer(URI from, String body) {}

    Answer get(String path) {
        return ask(path, null);
    }

    Answer post(String path, String body) {
        return ask(path, body);
    }

    private Answer ask(String path, @Nullable String body) {
        TimeoutException away = new TimeoutException("the schema registry has no URL");
        try {
            for (int round = 0; round < ROUNDS; round++) {
                if (round > 0) {
                    Thread.sleep(FIRST_PAUSE.multipliedBy(round));
                }
                for (URI base : address.bases()) {
                    try {
                        return answer(base, path, http.send(request(base, path, body), BodyHandlers.ofString()));
                    } catch (IOException e) {
                        away = new TimeoutException(
                                "the schema registry at " + base + " cannot be reached (" + reason(e)
                                        + "): start it, or correct schema.registry.url",
                                e);
                    } catch (TimeoutException e) {
                        away = e; // it answered that it cannot answer now
                    }
                }
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        throw away;
    }

    private static Answer answer(URI base, String path, HttpResponse<String> response) {
        int status = response.statusCode();
        String body = response.body();
        if (status == 200) {
            return new Answer(base, body);
        }
        String said = "the schema registry at " + base + " answered " + path + " with " + status + ": "
                + body.substring(0, Math.min(QUOTED_CHARACTERS, body.length()));
        throw switch (status) {
            case 401, 403 -> new AuthenticationException(said + ": correct basic.auth.user.info");
            case 404 ->
                body.contains("\"error_code\"")
                        ? new UnknownException("not known to the registry; " + said)
                        : new ConfigException(said + ": is schema.registry.url right?");
            case 409 -> new InvalidConfigurationException("the schema is not compatible with those before it; " + said);
            case 422 -> new InvalidConfigurationException("the schema is not valid; " + said);
            case 408, 429 -> new TimeoutException(said);
            default ->
                status >= 500
                        ? new TimeoutException(said)
                        : new ConfigException(said + ": is schema.registry.url right?");
        };
    }

    private HttpRequest request(URI base, String path, @Nullable String body) {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(ANSWER_PATIENCE)
                .header("Accept", MEDIA_TYPE + ", application/json");
        if (address.authorization() != null) {
            request.header("Authorization", address.authorization());
        }
        if (body != null) {
            request.header("Content-Type", MEDIA_TYPE).POST(BodyPublishers.ofString(body));
        }
        return request.build();
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
