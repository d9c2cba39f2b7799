package io.tributary.integrations.ftp;

import io.tributary.integrations.api.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * An absolute path on the server. Neither FTP nor SFTP says what charset a name is in: it is bytes, which have to go
 * back to the server as they came. Most are UTF-8 (RFC 2640); those that are not are shown as ISO-8859-1.
 *
 * @param wire the bytes of the path, one character each; starts with a slash, ends with none unless it is the root
 */
record RemotePath(String wire) {

    /** Longest path that is followed, bytes: what Linux takes. */
    static final int MAX_BYTES = 4096;

    RemotePath {
        if (!wire.startsWith("/") || wire.length() > MAX_BYTES) {
            throw new IllegalArgumentException("a path starts with / and has " + MAX_BYTES + " bytes at most");
        }
    }

    /**
     * A path as a person writes it: a missing slash at the start, slashes too many and {@code .} do not matter.
     *
     * @throws IllegalArgumentException when it has a step {@code ..} or a NUL character, or is too long
     */
    static RemotePath of(String text) {
        var path = new StringBuilder();
        for (String step : text.split("/")) {
            if (step.isEmpty() || step.equals(".")) {
                continue;
            }
            if (!isName(step)) {
                throw new IllegalArgumentException("the path " + text + " has a step that is no name");
            }
            path.append('/').append(step);
        }
        return new RemotePath(path.isEmpty() ? "/" : wireOf(path.toString()));
    }

    /** The UTF-8 bytes of a text, one character each. */
    static String wireOf(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** What the bytes say: as UTF-8 when they are that, else as ISO-8859-1. */
    static String textOf(String wire) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(wire.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return wire;
        }
    }

    /**
     * Whether this is one step of a path. A name of several steps, also for a server that takes backslashes for
     * slashes, could lead out of the directory that it was listed in.
     */
    static boolean isName(String name) {
        return !name.isEmpty()
                && !name.equals(".")
                && name.indexOf('/') < 0
                && name.indexOf('\0') < 0
                && !Arrays.asList(name.split("\\\\", -1)).contains("..");
    }

    /** The file of that name, in bytes, in this directory. */
    RemotePath child(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("not the name of a file");
        }
        return new RemotePath(wire.equals("/") ? "/" + name : wire + "/" + name);
    }

    boolean isRoot() {
        return wire.equals("/");
    }

    /** The path as a person reads it, which is the external id of the item. */
    String text() {
        return textOf(wire);
    }

    String name() {
        return textOf(wire.substring(wire.lastIndexOf('/') + 1));
    }

    /** The directory it is in, as a person reads it. */
    String directory() {
        int slash = wire.lastIndexOf('/');
        return slash == 0 ? "/" : textOf(wire.substring(0, slash));
    }

    /** A payload with this path: as text, and its bytes (Base64) where the text does not lead back to them. */
    JsonObject payload() {
        var payload = JsonObject.of("path", text());
        return wireOf(text()).equals(wire)
                ? payload
                : payload.with("bytes", Base64.getEncoder().encodeToString(wire.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** @throws IllegalArgumentException when the payload has no path */
    static RemotePath of(JsonObject payload) {
        Optional<String> bytes = payload.text("bytes");
        return new RemotePath(
                bytes.isPresent()
                        ? new String(Base64.getDecoder().decode(bytes.get()), StandardCharsets.ISO_8859_1)
                        : wireOf(payload.requireText("path")));
    }
}
