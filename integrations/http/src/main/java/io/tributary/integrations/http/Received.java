package io.tributary.integrations.http;

import java.util.List;
import java.util.Map;

/**
 * What came back for one request.
 *
 * @param status any that HTTP has
 * @param headers all values by lower-case name
 * @param body decompressed; empty where there is none, and where nobody would read it: that of a redirect or of a 5xx that
 *     was not expected. Not copied: nobody changes it
 */
public record Received(int status, Map<String, List<String>> headers, byte[] body) {

    public Received {
        headers = Map.copyOf(headers);
    }
}
