package io.tributary.integrations.http;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskFailure;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** An answer that has been read. */
final class Answer implements HttpResponse {

    private final HttpRequest request;
    private final String domain;
    private final int status;
    private final Map<String, List<String>> headers;
    private final byte[] body;

    /**
     * @param request that it answers
     * @param domain what the codes of failures begin with
     * @param headers all values by lower-case name
     * @param body decompressed; not copied
     */
    Answer(HttpRequest request, String domain, int status, Map<String, List<String>> headers, byte[] body) {
        this.request = request;
        this.domain = domain;
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public URI uri() {
        return request.uri();
    }

    @Override
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    private List<String> headers(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    @Override
    public byte[] bytes() {
        return body.clone();
    }

    @Override
    public String text() {
        return BodyText.of(body, header("content-type"));
    }

    @Override
    public JsonObject json() throws TaskFailure.Transient {
        try {
            return new JsonObject(ReadJson.object(BodyText.ofJson(body, header("content-type"))));
        } catch (JacksonException e) {
            throw unreadable("a JSON object");
        }
    }

    @Override
    public List<? extends @Nullable Object> jsonList() throws TaskFailure.Transient {
        try {
            return ReadJson.list(BodyText.ofJson(body, header("content-type")));
        } catch (JacksonException e) {
            throw unreadable("a JSON array");
        }
    }

    /** Without what the parser found: its messages quote the text. */
    private TaskFailure.Transient unreadable(String expected) {
        return new TaskFailure.Transient(
                domain + ".answerUnreadable",
                "The answer to " + request + " with status " + status + " is not " + expected + "; it has "
                        + body.length + " bytes of type "
                        + header("content-type").map(BodyText::mediaType).orElse("unknown") + ".",
                null);
    }

    @Override
    public Optional<URI> link(String relation) {
        return LinkHeader.target(headers("link"), relation).flatMap(target -> {
            try {
                return Optional.of(References.resolve(uri(), target, StandardCharsets.ISO_8859_1));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        });
    }

    @Override
    public URI resolve(String reference) {
        return References.resolve(uri(), reference, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return status + " for " + request;
    }
}
