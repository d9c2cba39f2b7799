package io.tributary.integrations.declarative;

import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.OAuth2;
import io.tributary.integrations.declarative.Definition.Access;
import io.tributary.integrations.declarative.Definition.Authentication;
import io.tributary.integrations.declarative.Definition.Bytes;
import io.tributary.integrations.declarative.Definition.LogIn;
import io.tributary.integrations.declarative.Definition.Signature;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles the credentials of a file: how requests show them, and how accounts are connected. */
record ReadAuth(Section root, ReadRequests requests) {

    /** The kinds of credentials. */
    Set<Manifest.Auth> kinds() {
        var kinds = EnumSet.noneOf(Manifest.Auth.class);
        for (Section way : root.sections("auth")) {
            kinds.add(
                    switch (way.require("type")) {
                        case "apiKey", "url" -> Manifest.Auth.API_KEY;
                        case "basic", "session" -> Manifest.Auth.BASIC;
                        default -> Manifest.Auth.OAUTH2;
                    });
        }
        return kinds;
    }

    /** The ways to prove who asks. */
    List<Access> access() {
        return root.sections("auth").stream()
                .map(way -> new Access(
                        authentication(way),
                        credential(way),
                        more(way),
                        way.has("sign") ? signature(way.section("sign")) : null))
                .toList();
    }

    /** The provider at which accounts are connected; null: none. */
    @Nullable
    OAuth2 oauth2() {
        for (Section way : root.sections("auth")) {
            if (way.has("tokenUrl")) {
                return new OAuth2(
                        way.text("authorizeUrl").orElse(null),
                        way.require("tokenUrl"),
                        way.texts("scopes"),
                        way.text("scopeSeparator").orElse(" "),
                        way.textMap("authorizeParameters"),
                        way.text("clientAuthentication")
                                .map(name -> name.equals("basic")
                                        ? OAuth2.ClientAuthentication.BASIC
                                        : OAuth2.ClientAuthentication.POST)
                                .orElse(null),
                        grant(way),
                        new OAuth2.Renewal(way.text("renewUrl").orElse(null), way.textMap("tokenParameters")));
            }
        }
        return null;
    }

    private static OAuth2.Grant grant(Section way) {
        return switch (way.text("grant").orElse("")) {
            case "clientCredentials" -> OAuth2.Grant.CLIENT_CREDENTIALS;
            case "jwtBearer" -> OAuth2.Grant.JWT_BEARER;
            case "facebookExchange" -> OAuth2.Grant.FACEBOOK_EXCHANGE;
            case "instagramRefresh" -> OAuth2.Grant.INSTAGRAM_REFRESH;
            default -> OAuth2.Grant.REFRESH_TOKEN;
        };
    }

    /** The provider's name for the id of a client; null: {@code client_id}. */
    @Nullable
    String clientIdParameter() {
        return root.sections("auth").stream()
                .flatMap(way -> way.text("clientIdParameter").stream())
                .findFirst()
                .orElse(null);
    }

    /** For each way, the keys of the credentials that it needs. */
    List<List<String>> credentials() {
        var ways = new ArrayList<List<String>>();
        for (Section way : root.sections("auth")) {
            var more = new ArrayList<>(more(way).keySet());
            way.section("sign").text("credential").ifPresent(more::add);
            needed(way).forEach(keys -> ways.add(with(keys, more)));
        }
        return ways;
    }

    /** Whether the kinds of auth do not tell which credentials an account needs. */
    boolean hasOwnCredentials() {
        return root.sections("auth").stream()
                .anyMatch(way -> way.has("credential")
                        || way.has("credentials")
                        || way.has("more")
                        || way.has("sign")
                        || !isByConsent(way));
    }

    private static boolean isByConsent(Section way) {
        return !way.require("grant").equals("clientCredentials")
                && !way.require("grant").equals("jwtBearer");
    }

    /** Each of them suffices. */
    private static List<List<String>> needed(Section way) {
        return switch (way.require("type")) {
            case "basic" ->
                List.of(way.has("username") ? List.of(credential(way)) : List.of("password", credential(way)));
            case "session" -> List.of(ofSession(way));
            case "oauth2" ->
                switch (grant(way)) {
                    case CLIENT_CREDENTIALS -> List.of(List.of("clientId", "clientSecret"));
                    case JWT_BEARER -> List.of(List.of("username", "privateKey"), List.of("serviceAccount"));
                    default -> List.of(List.of(credential(way)), List.of("refreshToken"));
                };
            default -> List.of(List.of(credential(way)));
        };
    }

    private static List<String> with(List<String> first, List<String> others) {
        var all = new ArrayList<>(first);
        all.addAll(others);
        return all;
    }

    private static Map<String, Authentication.KeyInHeader> more(Section way) {
        var more = new LinkedHashMap<String, Authentication.KeyInHeader>();
        way.sections("more").forEach(secret -> more.put(secret.require("credential"), header(secret)));
        return more;
    }

    private static Authentication.KeyInHeader header(Section section) {
        return new Authentication.KeyInHeader(
                section.text("header").orElse("Authorization"),
                section.text("prefix").orElse(""));
    }

    private Authentication authentication(Section way) {
        return switch (way.require("type")) {
            case "apiKey" ->
                way.has("pathPrefix") ? new Authentication.KeyInPath(way.require("pathPrefix")) : shown(way);
            case "basic" -> new Authentication.Basic(way.has("username") ? way.mixed("username") : null);
            case "url" -> new Authentication.SecretUrl();
            case "session" -> {
                Section logIn = way.section("login");
                yield new Authentication.Session(
                        new LogIn(requests.request(logIn.section("request")), logIn.expression("token")), shown(way));
            }
            default -> new Authentication.Token(way.text("scheme").orElse("Bearer"));
        };
    }

    private static Authentication shown(Section section) {
        return section.has("query") ? new Authentication.KeyInQuery(section.require("query")) : header(section);
    }

    private static Signature signature(Section section) {
        Section time = section.section("timestamp");
        return new Signature(
                section.require("credential"),
                bytes(section.text("keyEncoding").orElse("text")),
                switch (section.text("algorithm").orElse("sha256")) {
                    case "sha1" -> "HmacSHA1";
                    case "sha512" -> "HmacSHA512";
                    default -> "HmacSHA256";
                },
                section.expression("text"),
                bytes(section.text("encoding").orElse("hex")),
                shown(section),
                time.has("header") || time.has("query") ? shown(time) : null,
                switch (time.text("format").orElse("seconds")) {
                    case "iso" -> Incremental.TimeFormat.ISO;
                    case "millis" -> Incremental.TimeFormat.MILLIS;
                    default -> Incremental.TimeFormat.SECONDS;
                });
    }

    private static Bytes bytes(String name) {
        return switch (name) {
            case "base64" -> Bytes.BASE64;
            case "hex" -> Bytes.HEX;
            default -> Bytes.TEXT;
        };
    }

    private static List<String> ofSession(Section way) {
        List<String> named = way.texts("credentials");
        return named.isEmpty() ? List.of("username", "password") : named;
    }

    private static String credential(Section way) {
        return way.text("credential")
                .orElse(
                        switch (way.require("type")) {
                            case "apiKey" -> "apiKey";
                            case "basic" -> way.has("username") ? "password" : "username";
                            case "url" -> "webhookUrl";
                            case "session" -> ofSession(way).getFirst();
                            default -> "accessToken";
                        });
    }
}
