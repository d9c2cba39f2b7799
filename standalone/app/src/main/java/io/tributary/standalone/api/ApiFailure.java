package io.tributary.standalone.api;

import org.jspecify.annotations.Nullable;

/** The API refused a call or did not answer. */
public final class ApiFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;

    ApiFailure(String code, String detail, @Nullable Throwable cause) {
        super(detail + " (" + code + ")", cause);
        this.code = code;
    }

    /** Stable code of the problem. */
    public String code() {
        return code;
    }
}
