package io.tributary.standalone.cli;

import io.tributary.integrations.api.JsonObject;
import io.tributary.standalone.UsageError;
import io.tributary.worker.codec.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;

/** Reads credentials. Nothing that is said of them quotes them, nor do causes: parsers quote what they read. */
final class ReadCredentials {

    private static final Set<String> KEYS = new TreeSet<>(Set.of(
            "accessToken",
            "refreshToken",
            "expiresAt",
            "clientId",
            "clientSecret",
            "apiKey",
            "username",
            "password",
            "privateKey"));

    /** Bytes; a private key and some tokens are far below. */
    private static final int MOST_BYTES = 256 * 1024;

    private ReadCredentials() {}

    static Map<String, String> from(InputStream input) {
        return of(text(input, "--credentials-stdin"), "standard input");
    }

    /** The first line; what follows it is not waited for. */
    static String password(InputStream input) {
        try {
            var line = new ByteArrayOutputStream();
            int next = input.read();
            requireInput("--password-stdin", next >= 0, 0);
            for (; next >= 0 && next != '\n'; next = input.read()) {
                line.write(next);
                requireInput("--password-stdin", true, line.size());
            }
            return line.toString(StandardCharsets.UTF_8).replaceFirst("\r$", "");
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static String text(InputStream input, String option) {
        try {
            byte[] bytes = input.readNBytes(MOST_BYTES + 1);
            requireInput(option, bytes.length > 0, bytes.length);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static void requireInput(String option, boolean something, int bytes) {
        if (!something || bytes > MOST_BYTES) {
            throw new UsageError(option + " was given, and standard input held "
                    + (something ? "more than " + MOST_BYTES + " bytes" : "nothing"));
        }
    }

    private static UsageError unreadable(IOException cause) {
        return new UsageError("cannot read standard input: " + cause.getMessage(), cause);
    }

    /**
     * A JSON object, or lines of {@code KEY=VALUE}.
     *
     * @param where it came from, for the message
     */
    static Map<String, String> of(String text, String where) {
        Map<String, String> credentials = text.strip().startsWith("{") ? ofJson(text, where) : ofLines(text, where);
        for (String key : credentials.keySet()) {
            if (!KEYS.contains(key)) {
                throw new UsageError(
                        "the credentials on " + where + " have a key that there is not; there are " + KEYS);
            }
        }
        return credentials;
    }

    private static Map<String, String> ofJson(String text, String where) {
        JsonObject object;
        try {
            object = Json.readObject(text.strip());
        } catch (JacksonException e) {
            throw new UsageError("the credentials on " + where + " are no JSON object");
        }
        var credentials = new HashMap<String, String>();
        object.values().forEach((key, value) -> {
            if (value != null) {
                credentials.put(key, value.toString());
            }
        });
        return credentials;
    }

    private static Map<String, String> ofLines(String text, String where) {
        var credentials = new HashMap<String, String>();
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> {
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new UsageError("the credentials on " + where + " are neither a JSON object nor KEY=VALUE lines");
            }
            credentials.put(line.substring(0, equals), line.substring(equals + 1));
        });
        return credentials;
    }
}
