package io.tributary.scheduler.oauth;

/**
 * The state of an authorization until the provider calls back; sealed in the meantime. It has no secret of the client:
 * the callback resolves the client again, and both must still be the same.
 *
 * @param codeVerifier of RFC 7636
 */
record Pending(String codeVerifier, String tokenUrl, String redirectUri, String clientId) {
    @Override
    public String toString() {
        return "Pending[]";
    }
}
