package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.workbench.certify.ApiDescription.Auth;
import io.tributary.integrations.workbench.certify.ApiDescription.AuthStyle;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The credentials that a {@link StatefulApi} accepts; they expire and are revoked. For one thread at a time. */
final class ApiAccess {

    private static final String USERNAME = "ada";

    /** Where the key stands in the path of {@link AuthStyle#PATH}. */
    static final String PLACE = "{credential}";

    private static final String SESSION = "s3ssion/+token=1";

    private final Auth auth;
    private int secret = 1;
    private boolean refusing;

    ApiAccess(Auth auth) {
        this.auth = auth;
    }

    /** Those that are accepted now. */
    Map<String, String> credentials() {
        var credentials = new HashMap<String, String>();
        switch (auth.style()) {
            case BEARER -> credentials.put(auth.credentialOr("accessToken"), secret());
            case HEADER, QUERY, PATH -> credentials.put(auth.credentialOr("apiKey"), secret());
            case BASIC, SESSION -> credentials.putAll(Map.of("username", USERNAME, "password", secret()));
            case NONE -> {}
        }
        auth.more().forEach((header, credential) -> credentials.put(credential, moreSecret(credential)));
        return Map.copyOf(credentials);
    }

    /** From now on refuses those credentials; {@link #credentials} has others. */
    void renew() {
        secret++;
    }

    /** From now on refuses all credentials. */
    void revoke() {
        refusing = true;
    }

    /** A path with a slash, which would be two segments, is no place for reserved characters. */
    private String secret() {
        return auth.style() == AuthStyle.PATH
                ? "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw" + secret
                : "s3cret/+credential=" + secret;
    }

    private static String moreSecret(String credential) {
        return "s3cret/+" + credential;
    }

    /** The path of a request as it is sent. */
    String pathOf(String path) {
        return auth.style() == AuthStyle.PATH ? "/" + PLACE + path : path;
    }

    boolean isWelcome(ReceivedRequest request) {
        if (refusing) {
            return auth.style() == AuthStyle.NONE;
        }
        return hasSecret(request)
                && auth.more().entrySet().stream()
                        .allMatch(
                                more -> request.header(more.getKey()).equals(Optional.of(moreSecret(more.getValue()))));
    }

    private boolean hasSecret(ReceivedRequest request) {
        return switch (auth.style()) {
            case BEARER -> request.header("Authorization").equals(Optional.of(auth.prefixOr("Bearer ") + secret()));
            case HEADER -> request.header(name()).equals(Optional.of(auth.prefixOr("") + secret()));
            case QUERY -> request.query(name()).equals(Optional.of(secret()));
            case PATH -> request.variable("credential").equals(auth.prefixOr("") + secret());
            case BASIC -> {
                byte[] userInfo = (USERNAME + ":" + secret()).getBytes(StandardCharsets.UTF_8);
                yield request.header("Authorization")
                        .equals(Optional.of("Basic " + Base64.getEncoder().encodeToString(userInfo)));
            }
            case SESSION ->
                request.header(auth.name() == null ? "Authorization" : auth.name())
                        .equals(Optional.of(auth.prefixOr("") + SESSION));
            case NONE -> true;
        };
    }

    /** Begins a session. */
    ScriptedAnswer logIn(ReceivedRequest request) {
        var body = request.json();
        return !refusing
                        && body.text("username").equals(Optional.of(USERNAME))
                        && body.text("password").equals(Optional.of(secret()))
                ? ScriptedAnswer.json("token", SESSION)
                : ScriptedAnswer.status(403);
    }

    private String name() {
        return Objects.requireNonNull(auth.name());
    }
}
