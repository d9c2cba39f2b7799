package io.tributary.integrations.api;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A provider's answer, read as a whole. Immutable. */
public interface HttpResponse {

    /** The status: 2xx, 304 or 4xx, or one of {@link HttpRequest#expected}. */
    int status();

    /** What was asked for in the end, after redirects. */
    URI uri();

    /** The first value of a header; its name is not case sensitive. */
    Optional<String> header(String name);

    /** The body, decompressed; empty when there is none. A new array each time. */
    byte[] bytes();

    /**
     * The body in the charset that a byte order mark shows, its {@code Content-Type} names, or else UTF-8; what is
     * malformed is replaced by U+FFFD.
     */
    String text();

    /**
     * The body as a JSON object. JSON is UTF-8 whatever its {@code Content-Type} says (RFC 8259, section 8.1); the
     * charset named there is tried where the body is not. Nesting deeper than 200 is refused.
     *
     * @throws TaskFailure.Transient {@code <domain>.answerUnreadable} when it is something else, such as the HTML of a
     *     proxy or JSON that was cut short: it may be well the next time
     */
    JsonObject json() throws TaskFailure;

    /**
     * The body as a JSON array; its objects are maps, which {@link JsonObject} takes.
     *
     * @throws TaskFailure.Transient as {@link #json()}
     */
    List<? extends @Nullable Object> jsonList() throws TaskFailure;

    /**
     * The target of the first {@code Link} of a relation type, such as {@code next} (RFC 8288), resolved;
     * empty when there is none.
     */
    Optional<URI> link(String relation);
}
