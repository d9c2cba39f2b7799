package io.tributary.integrations.declarative;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.declarative.Definition.Access;
import io.tributary.integrations.declarative.Definition.Authentication;
import io.tributary.integrations.declarative.Template.Mixed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds the credentials of the account to a request, and signs it. */
record Authenticate(Definition definition, TaskContext context) {

    /** The first way whose credential is there, or else the first one. */
    Optional<Access> access() {
        List<Access> ways = definition.auth();
        return ways.stream()
                .filter(each -> context.credentials().find(each.credential()).isPresent())
                .findFirst()
                .or(() -> ways.stream().findFirst());
    }

    /** The way to log in, where requests show the token of a session. */
    Optional<Authentication.Session> session() {
        return access().map(Access::way)
                .filter(Authentication.Session.class::isInstance)
                .map(Authentication.Session.class::cast);
    }

    /**
     * A request as it is sent.
     *
     * @param token of the session; null: none is needed
     */
    HttpRequest of(HttpRequest to, @Nullable String token) throws TaskFailure, ExpressionFailure {
        Access access = access().orElse(null);
        if (access == null) {
            return to;
        }
        try {
            HttpRequest its = token == null
                    ? shown(to, access.way(), context.credentials().require(access.credential()))
                    : shown(to.hiding(token), access.way(), token);
            for (var more : access.more().entrySet()) {
                its = withKey(its, more.getValue(), context.credentials().require(more.getKey()));
            }
            return access.signature() == null ? its : new SignRequest(access.signature(), context).of(its);
        } catch (IllegalArgumentException e) {
            throw new TaskFailure.Unauthorized(
                    definition.domain() + ".authFailed",
                    "The " + access.credential() + " has a character that cannot be sent: connect the account again.",
                    null);
        }
    }

    private HttpRequest shown(HttpRequest to, Authentication way, String secret) throws ExpressionFailure {
        return switch (way) {
            case Authentication.Token(String scheme) -> to.header("Authorization", scheme + " " + secret.strip());
            case Authentication.KeyInHeader header -> withKey(to, header, secret);
            case Authentication.KeyInQuery(String name) -> to.query(name, secret.strip());
            case Authentication.KeyInPath _ -> to.hiding(Provider.encoded(secret.strip()));
            case Authentication.Basic(Mixed username) ->
                username == null
                        ? to.basic(
                                secret, context.credentials().find("password").orElse(""))
                        : withName(to, named(username), secret.strip());
            case Authentication.SecretUrl() -> SecretAddress.of(secret).on(to);
            case Authentication.Session session -> shown(to, session.shown(), secret);
        };
    }

    private static HttpRequest withKey(HttpRequest to, Authentication.KeyInHeader header, String secret) {
        return to.header(header.name(), header.prefix() + secret.strip());
    }

    /** Who knows the credential alone does not recognise it in the header. */
    private HttpRequest withName(HttpRequest to, String name, String secret) {
        HttpRequest its = to.basic(name, secret);
        String header = its.headers().getOrDefault("Authorization", "");
        context.conceal("authorization", header.substring(header.indexOf(' ') + 1));
        return its;
    }

    private String named(Mixed username) throws ExpressionFailure {
        return username.of(new Scope(Map.of("config", context.config().values()), context.clock()));
    }

    /** Where requests go: {@code baseUrl}, or the URL that is the credential. */
    String base() throws TaskFailure {
        String base = context.baseUrl(definition.baseUrl());
        Access access = access().orElse(null);
        if (access == null || !(access.way() instanceof Authentication.SecretUrl)) {
            return base;
        }
        SecretAddress address;
        try {
            address = SecretAddress.of(context.credentials().require(access.credential()));
        } catch (IllegalArgumentException e) {
            throw new TaskFailure.Unauthorized(
                    definition.domain() + ".authFailed",
                    "The " + access.credential() + " is no http or https URL: connect the account again.",
                    null); // Without its cause, which quotes the URL.
        }
        context.conceal(access.credential(), address.path());
        return base.equals(definition.baseUrl()) ? address.origin() + address.path() : base + address.path();
    }

    /** A path below that; a slash adds nothing to a URL that is the credential. */
    String path(String path) {
        boolean whole = path.equals("/")
                && access().map(Access::way)
                        .filter(Authentication.SecretUrl.class::isInstance)
                        .isPresent();
        return whole ? "" : path;
    }

    /** What stands between {@code baseUrl} and the path of a request: nothing, unless a key goes there. */
    String keyInPath() throws TaskFailure {
        Access access = access().orElse(null);
        return access != null && access.way() instanceof Authentication.KeyInPath(String prefix)
                ? prefix
                        + Provider.encoded(context.credentials()
                                .require(access.credential())
                                .strip())
                : "";
    }
}
