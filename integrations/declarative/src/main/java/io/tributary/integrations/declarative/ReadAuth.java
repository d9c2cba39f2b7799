package io.tributary.integrations.declarative;

import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.OAuth2;
import io.tributary.integrations.declarative.Definition.Access;
import io.tributary.integrations.declarative.Definition.Authentication;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles the credentials of a file: how requests show them, and how accounts are connected. */
record ReadAuth(Section root) {

    /** The kinds of credentials. */
    Set<Manifest.Auth> kinds() {
        var kinds = EnumSet.noneOf(Manifest.Auth.class);
        for (Section way : root.sections("auth")) {
            kinds.add(
                    switch (way.require("type")) {
                        case "apiKey" -> Manifest.Auth.API_KEY;
                        case "basic" -> Manifest.Auth.BASIC;
                        default -> Manifest.Auth.OAUTH2;
                    });
        }
        return kinds;
    }

    /** The ways to prove who asks. */
    List<Access> access() {
        return root.sections("auth").stream()
                .map(way -> new Access(authentication(way), credential(way), more(way)))
                .toList();
    }

    /** The provider at which accounts are connected; null: none. */
    @Nullable
    OAuth2 oauth2() {
        for (Section way : root.sections("auth")) {
            if (way.has("tokenUrl")) {
                return new OAuth2(
                        way.require("authorizeUrl"),
                        way.require("tokenUrl"),
                        way.texts("scopes"),
                        way.text("scopeSeparator").orElse(" "),
                        way.textMap("authorizeParameters"),
                        way.text("clientAuthentication")
                                .map(name -> name.equals("basic")
                                        ? OAuth2.ClientAuthentication.BASIC
                                        : OAuth2.ClientAuthentication.POST)
                                .orElse(null));
            }
        }
        return null;
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
            List<String> more = List.copyOf(more(way).keySet());
            ways.add(with(credential(way), more));
            if (way.require("type").equals("basic")) {
                ways.set(ways.size() - 1, with("password", ways.getLast()));
            }
            if (way.require("type").equals("oauth2")) {
                ways.add(with("refreshToken", more));
            }
        }
        return ways;
    }

    /** Whether the kinds of auth do not tell which credentials an account needs. */
    boolean hasOwnCredentials() {
        return root.sections("auth").stream().anyMatch(way -> way.has("credential") || way.has("more"));
    }

    private static List<String> with(String first, List<String> others) {
        var all = new ArrayList<>(List.of(first));
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
                section.require("header"), section.text("prefix").orElse(""));
    }

    private static Authentication authentication(Section way) {
        return switch (way.require("type")) {
            case "apiKey" ->
                way.has("query")
                        ? new Authentication.KeyInQuery(way.require("query"))
                        : way.has("pathPrefix") ? new Authentication.KeyInPath(way.require("pathPrefix")) : header(way);
            case "basic" -> new Authentication.Basic();
            default -> new Authentication.Token(way.text("scheme").orElse("Bearer"));
        };
    }

    private static String credential(Section way) {
        return way.text("credential")
                .orElse(
                        switch (way.require("type")) {
                            case "apiKey" -> "apiKey";
                            case "basic" -> "username";
                            default -> "accessToken";
                        });
    }
}
