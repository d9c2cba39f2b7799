package io.tributary.integrations.http;

import java.util.List;
import java.util.Map;

/**
 * The response to one request.
 *
 * @param status any HTTP status
 * @param headers all values by lower-case name
 * @param body decompressed; empty if there is none, and for a redirect or an unexpected 5xx, whose body nobody reads.
 *     Not copied: nobody changes it
 */
public record Received(int status, Map<String, List<String>> headers, byte[] body) {

    public Received {
        headers = Map.copyOf(headers);
    }
}
