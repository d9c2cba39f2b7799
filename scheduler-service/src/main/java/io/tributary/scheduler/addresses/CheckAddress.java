package io.tributary.scheduler.addresses;

import io.tributary.egress.PublicAddresses;
import io.tributary.scheduler.http.Violation;
import io.tributary.scheduler.http.Violations;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Rejects hosts and URLs that plainly lead to private addresses. It does not resolve names, since a name can lead to
 * another address tomorrow: the worker checks the address at every connect and redirect.
 *
 * <p>A URL that two programs could read differently (user info, backslashes, numbers that some take for an address) is
 * rejected.
 */
@Component
public class CheckAddress {

    private static final String NOT_PUBLIC =
            "must be a public host: private ones are refused unless tributary.http.allow-private-addresses=true";

    /** Longest URL, characters. */
    private static final int MAX_URL = 2_000;

    private static final Pattern DOTTED_QUAD = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]+");
    // A last label that begins with a digit is no top-level domain: the host is a number in one of many spellings.
    private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?\\d[^.]*");
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))+");

    /**
     * Domains that never belong to the public Internet: RFC 6761, 6762, 7686, 8375, and those that clouds and companies
     * use.
     */
    private static final Set<String> INNER_DOMAINS = Set.of(
            "localhost",
            "localdomain",
            "local",
            "internal",
            "intranet",
            "corp",
            "home",
            "lan",
            "home.arpa",
            "in-addr.arpa",
            "ip6.arpa",
            "onion",
            "svc",
            "cluster.local");

    private final boolean allowPrivate;

    CheckAddress(HttpProperties properties) {
        this.allowPrivate = properties.allowPrivateAddresses();
    }

    /** Checks every value of a config that may be an address: {@code host}, and every text that looks like a URL. */
    public void checkAll(JsonNode config, String path, Violations violations) {
        if (config.isObject()) {
            config.forEachEntry((key, value) -> {
                String at = path + Violation.step(key);
                if (value.isString()) {
                    check(key, value.stringValue(), at, violations);
                } else {
                    checkAll(value, at, violations);
                }
            });
        } else if (config.isArray()) {
            for (int i = 0; i < config.size(); i++) {
                checkAll(config.get(i), path + "/" + i, violations);
            }
        } else if (config.isString()) {
            check("", config.stringValue(), path, violations);
        }
    }

    private void check(String key, String value, String path, Violations violations) {
        if (isUrl(key, value)) {
            checkUrl(value, path, violations);
        } else if (isHost(key)) {
            checkHost(value, path, violations);
        }
    }

    /** Whether a text of a config is an address. */
    static boolean isAddress(String key, String value) {
        return isUrl(key, value) || isHost(key);
    }

    private static boolean isUrl(String key, String value) {
        String name = key.toLowerCase(Locale.ROOT);
        return name.endsWith("url") || name.endsWith("uri") || value.contains("://");
    }

    private static boolean isHost(String key) {
        String name = key.toLowerCase(Locale.ROOT);
        return name.equals("host") || name.endsWith("hostname");
    }

    /** Adds a violation when a URL is not http or https, is ambiguous, or leads to an address that is not public. */
    public void checkUrl(String url, String path, Violations violations) {
        String refusal = refusalOfUrl(url);
        violations.check(refusal == null, path, String.valueOf(refusal));
    }

    /** Adds a violation when a host is ambiguous, or is an address or name that is not public. */
    public void checkHost(String host, String path, Violations violations) {
        String refusal = refusalOfHost(host);
        violations.check(refusal == null, path, String.valueOf(refusal));
    }

    private @Nullable String refusalOfUrl(String url) {
        if (url.length() > MAX_URL) {
            return "must have up to " + MAX_URL + " characters";
        }
        try {
            var uri = new URI(url);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (!scheme.equals("http") && !scheme.equals("https")) {
                return "must be an http or https URL";
            }
            if (uri.getRawUserInfo() != null) {
                return "must have no user info: credentials go into credentials";
            }
            if (uri.getHost() == null) {
                return "has no host, or one that is not valid";
            }
            String host = uri.getHost();
            return refusalOfHost(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        } catch (URISyntaxException _) {
            return "is not a valid URL";
        }
    }

    private @Nullable String refusalOfHost(String host) {
        if (allowPrivate) {
            return null;
        }
        if (DOTTED_QUAD.matcher(host).matches()) {
            return refusalOfQuad(host);
        }
        if (host.indexOf(':') >= 0) {
            return IPV6.matcher(host).matches() ? refusalOfLiteral(host) : "is not a valid address";
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (NUMERIC_END.matcher(name).matches()) {
            return "is not a valid address: write it as four decimal numbers";
        }
        String lower = name.toLowerCase(Locale.ROOT);
        boolean inner = INNER_DOMAINS.stream().anyMatch(of -> lower.equals(of) || lower.endsWith("." + of));
        if (inner || (name.indexOf('.') < 0 && isLabel(name))) {
            return NOT_PUBLIC;
        }
        return NAME.matcher(name).matches() ? null : "is not a valid host name; write others than ASCII in Punycode";
    }

    private static boolean isLabel(String name) {
        return name.matches("[A-Za-z0-9_-]{1,63}");
    }

    private static @Nullable String refusalOfQuad(String host) {
        for (String part : host.split("\\.")) {
            // 0127 is 87 to some and 127 to others
            if ((part.length() > 1 && part.startsWith("0")) || Integer.parseInt(part) > 255) {
                return "is not a valid address: write it as four decimal numbers without leading zeros";
            }
        }
        return refusalOfLiteral(host);
    }

    // A literal is parsed, not looked up: the patterns let nothing pass that could be a name.
    private static @Nullable String refusalOfLiteral(String host) {
        try {
            return PublicAddresses.isPublic(InetAddress.getByName(host)) ? null : NOT_PUBLIC;
        } catch (UnknownHostException _) {
            return "is not a valid address";
        }
    }
}
