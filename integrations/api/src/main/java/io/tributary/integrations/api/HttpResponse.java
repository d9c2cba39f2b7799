package io.tributary.integrations.api;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A provider's response, read as a whole. Immutable. */
public interface HttpResponse {

    /** The status: 2xx, 304 or 4xx, or one of {@link HttpRequest#expected}. */
    int status();

    /** The final address, after redirects. */
    URI uri();

    /** The first value of a header; its name is not case sensitive. */
    Optional<String> header(String name);

    /** The body, decompressed; empty when there is none. A new array each time. */
    byte[] bytes();

    /**
     * The body in the charset that a byte order mark shows, its {@code Content-Type} names, or else UTF-8; malformed
     * bytes are replaced by U+FFFD.
     */
    String text();

    /**
     * The body as a JSON object. JSON is UTF-8 whatever its {@code Content-Type} says (RFC 8259, section 8.1); the
     * charset in it is tried only if the body is not UTF-8. Nesting deeper than 200 is rejected.
     *
     * @throws TaskFailure.Transient {@code <domain>.answerUnreadable} when it is something else, such as the HTML of a
     *     proxy or JSON that was cut short: the next attempt may succeed
     */
    JsonObject json() throws TaskFailure;

    /**
     * The body as a JSON array; its objects are maps, which {@link JsonObject} takes.
     *
     * @throws TaskFailure.Transient as {@link #json()}
     */
    List<? extends @Nullable Object> jsonList() throws TaskFailure;

    /**
     * The objects of the body as a JSON array; items that are not objects are left out.
     *
     * @throws TaskFailure.Transient as {@link #json()}
     */
    default List<JsonObject> jsonObjects() throws TaskFailure {
        return JsonObject.objectsIn(jsonList());
    }

    /**
     * The target of the first {@code Link} of a relation type, such as {@code next} (RFC 8288), resolved;
     * empty when there is none.
     */
    Optional<URI> link(String relation);

    /**
     * A reference in the body, such as the URL of a next page, resolved against {@link #uri()} (RFC 3986, section 5.2).
     * Characters that a URI cannot have are encoded in UTF-8.
     *
     * @throws IllegalArgumentException when it is no URI even so
     */
    URI resolve(String reference);
}
