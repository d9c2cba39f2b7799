package io.tributary.egress;

import org.jspecify.annotations.Nullable;

/** How a client shows its secret to a token endpoint (RFC 6749, section 2.3.1). */
public enum ClientAuthentication {
    /** In the header Authorization, as HTTP Basic. */
    BASIC,
    /** In the form, as {@code client_id} and {@code client_secret}. */
    POST;

    /**
     * The way that a manifest names {@code basic} or {@code post}; null: it names none, or one that is unknown here.
     */
    public static @Nullable ClientAuthentication of(@Nullable String name) {
        return switch (name) {
            case "basic" -> BASIC;
            case "post" -> POST;
            case null, default -> null;
        };
    }

    ClientAuthentication other() {
        return this == BASIC ? POST : BASIC;
    }
}
