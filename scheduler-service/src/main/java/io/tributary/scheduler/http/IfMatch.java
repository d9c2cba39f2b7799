package io.tributary.scheduler.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * The version of a resource that a change is meant for: the header {@code If-Match}, RFC 9110 section 13.1.1.
 *
 * @param tags the header; null: any version
 */
public record IfMatch(@Nullable String tags) {

    /** The entity tag of a version. */
    public static String tag(long version) {
        return "\"" + version + "\"";
    }

    /** @throws ApiException when the change is meant for another version */
    public void require(long version) {
        if (tags == null || tags.strip().equals("*")) {
            return;
        }
        boolean matches = Arrays.stream(tags.split(",")).map(String::strip).anyMatch(tag(version)::equals);
        if (!matches) {
            throw new ApiException(Problem.of(
                    HttpStatus.PRECONDITION_FAILED,
                    "api.preconditionFailed",
                    "The resource has changed since you read it. Read it again, and send its new ETag as If-Match."));
        }
    }
}
