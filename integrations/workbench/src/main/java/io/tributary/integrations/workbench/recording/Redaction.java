package io.tributary.integrations.workbench.recording;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes secrets out of what was exchanged, and puts {@link #MARK} in their place: every value of the credentials,
 * whatever its key, in the forms of {@link SecretForms}; the values of headers that log in; and tokens by the names
 * that OAuth2 and common APIs give them, in JSON, forms and URLs. Tokens found in this way are taken out from then on
 * wherever they occur, as credentials are; but not signatures, which are of their URL alone.
 *
 * <p>A credential of very few characters also occurs in ordinary text and is removed there as well. Text in UTF-16 is
 * not looked through. What was redacted stays as it is when it is redacted again. Thread safe.
 */
public final class Redaction {

    /** What stands in the place of a secret. */
    public static final String MARK = "REDACTED";

    private static final Set<String> SECRET_HEADERS = Set.of(
            "authorization",
            "cookie",
            "proxy-authorization",
            "set-cookie",
            "set-cookie2",
            "x-amz-security-token",
            "x-api-key",
            "x-auth-token");

    private static final String TOKEN_NAMES = "access_?token|refresh_?token|id_?token|client_?secret|client_?assertion"
            + "|api_?key|password|private_?key|code_?verifier|x-amz-signature|x-amz-security-token";

    private static final Pattern MEMBER = Pattern.compile(
            "(\"(?:" + TOKEN_NAMES + ")\"\\s*+:\\s*+\")((?:[^\"\\\\]++|\\\\.)++)", Pattern.CASE_INSENSITIVE);

    private static final Pattern PARAMETER =
            Pattern.compile("((?:^|[?&])(?:" + TOKEN_NAMES + ")=)([^&\\s\"'<>\\\\#]++)", Pattern.CASE_INSENSITIVE);

    private static final Pattern SIGNATURE = Pattern.compile("x-amz-signature", Pattern.CASE_INSENSITIVE);

    private static final Pattern NOTHING = Pattern.compile("(?!)");

    /** Shorter ones of an answer may be words; those of the credentials are taken out at any length. */
    private static final int SHORTEST_LEARNT = 8;

    private static final int LONGEST_TOKEN_ANSWER = 64 * 1024;

    private final Set<String> secrets = new TreeSet<>();
    private @Nullable Pattern known;

    private Redaction() {}

    /** Knows these credentials. */
    public static Redaction of(Map<String, String> credentials) {
        var redaction = new Redaction();
        credentials.values().forEach(redaction::add);
        redaction.addPair(credentials.get("username"), credentials.get("password"));
        redaction.addPair(credentials.get("clientId"), credentials.get("clientSecret"));
        return redaction;
    }

    /** Basic authentication writes the two together, and in base64 neither can be seen alone. */
    private void addPair(@Nullable String name, @Nullable String secret) {
        if (name != null && secret != null) {
            add(name + ":" + secret);
        }
    }

    private synchronized void add(String secret) {
        if (!secret.isEmpty() && !secret.equals(MARK) && secrets.add(secret)) {
            known = null;
        }
    }

    /** A text without secrets. */
    public String text(String text) {
        return new String(bytes(text.getBytes(UTF_8)), UTF_8);
    }

    /** A body without secrets; other bytes stay as they are. */
    public byte[] bytes(byte[] body) {
        // Bytes as characters, so that one way serves text and binary data.
        String named =
                named(PARAMETER, named(MEMBER, new String(body, ISO_8859_1), Redaction::ofJson), Redaction::ofUrl);
        return known().matcher(named).replaceAll(MARK).getBytes(ISO_8859_1);
    }

    /** Looks for tokens in a response of at most 64 KB, to remove them from the exchanges that follow. */
    public void learn(byte[] body) {
        if (body.length <= LONGEST_TOKEN_ANSWER) {
            named(MEMBER, new String(body, ISO_8859_1), Redaction::ofJson);
        }
    }

    /** Knows one secret more; empty: none. */
    public void learn(String secret) {
        add(secret);
    }

    /** The value of a header without secrets. */
    public String header(String name, String value) {
        return SECRET_HEADERS.contains(name.toLowerCase(Locale.ROOT)) ? MARK : text(value);
    }

    /** @param plain what a value means that is written as the pattern finds it */
    private String named(Pattern pattern, String text, UnaryOperator<String> plain) {
        return pattern.matcher(text).replaceAll(found -> {
            if (found.group(2).length() >= SHORTEST_LEARNT
                    && !SIGNATURE.matcher(found.group(1)).find()) {
                String written = new String(found.group(2).getBytes(ISO_8859_1), UTF_8);
                add(written);
                add(plain.apply(written));
            }
            return Matcher.quoteReplacement(found.group(1) + MARK);
        });
    }

    private static String ofJson(String written) {
        try {
            return JsonMapper.shared().readValue('"' + written + '"', String.class);
        } catch (JacksonException _) {
            return written;
        }
    }

    private static String ofUrl(String written) {
        try {
            return URLDecoder.decode(written, UTF_8);
        } catch (IllegalArgumentException _) {
            return written;
        }
    }

    /** One pattern for all: in one pass, no replacement is looked through again. */
    private synchronized Pattern known() {
        if (known == null) {
            known = secrets.isEmpty()
                    ? NOTHING
                    : Pattern.compile(secrets.stream()
                            .flatMap(SecretForms::of)
                            .map(form -> new String(form.getBytes(UTF_8), ISO_8859_1))
                            .distinct()
                            .sorted(Comparator.comparingInt(String::length).reversed())
                            .map(Pattern::quote)
                            .collect(Collectors.joining("|")));
        }
        return known;
    }

    /** Such as {@code Redaction[3 secrets]}: never the secrets. */
    @Override
    public synchronized String toString() {
        return "Redaction[" + secrets.size() + " secrets]";
    }
}
