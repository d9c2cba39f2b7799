package io.tributary.integrations.api;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A provider's answer, read as a whole. Immutable. */
public interface HttpResponse {

    /** The status, 200 to 499. */
    int status();

    /** What was asked for in the end, after redirects. */
    URI uri();

    /** The first value of a header; its name is not case sensitive. */
    Optional<String> header(String name);

    /** The body; empty when there is none. */
    byte[] bytes();

    /** The body in the charset that its {@code Content-Type} names, a byte order mark shows, or else UTF-8. */
    String text();

    /**
     * The body as a JSON object.
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

    /** The target of the first {@code Link} of a relation type, such as {@code next} (RFC 8288), resolved. */
    Optional<URI> link(String relation);
}
