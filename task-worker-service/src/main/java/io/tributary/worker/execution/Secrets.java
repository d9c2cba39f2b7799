package io.tributary.worker.execution;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.JsonObject;
import io.tributary.worker.engine.Outcome;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the credential values of an account out of everything that leaves an execution, wherever a provider or a plugin
 * repeats them:
 *
 * <ul>
 *   <li>A follow-up task's payload and the sync state get a placeholder, {@code {credential:...}}, which is filled in
 *       when a task is executed, with the value that the credential has then. It is sealed for the account, so that
 *       nobody else can write one.
 *   <li>Items, texts of failures and logs name the credential instead: {@code [accessToken]}.
 * </ul>
 *
 * <p>Every value counts, except those of keys that name no secret. Thread safe.
 */
final class Secrets {

    /** No credentials: nothing is changed. */
    static final Secrets NONE = new Secrets(List.of(), Placeholders.NONE);

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{credential:([A-Za-z0-9_-]{16,400})}");

    private static final Set<String> PUBLIC = Set.of("username", "clientId", "expiresAt", "tokenType", "scope");

    /** A provider may repeat an earlier token. */
    private static final int MOST_LEARNT = 4;

    /** Shorter lines of a key may be ordinary text. */
    private static final int LINE_LENGTH = 24;

    /** The longest first, since one may be part of another; then those that were learnt. */
    private volatile List<Secret> secrets;

    private final Placeholders placeholders;

    private Secrets(List<Secret> secrets, Placeholders placeholders) {
        this.secrets = secrets;
        this.placeholders = placeholders;
    }

    /** Seals the name of a credential for an account, and opens it. */
    interface Placeholders {
        Placeholders NONE = new Placeholders() {
            @Override
            public String seal(String name) {
                return name;
            }

            @Override
            public @Nullable String open(String sealed) {
                return null;
            }
        };

        /** A text of letters, digits, {@code -} and {@code _}. */
        String seal(String name);

        /** The sealed name; null: it was not sealed for this account. */
        @Nullable
        String open(String sealed);
    }

    static Secrets of(Credentials credentials, Placeholders placeholders) {
        var secrets = new ArrayList<Secret>();
        for (String key : credentials.keys()) {
            String value = credentials.find(key).orElse("");
            if (!PUBLIC.contains(key) && !value.isBlank()) {
                secrets.add(new Secret(key, value));
                value.lines()
                        .filter(line -> line.length() >= LINE_LENGTH && line.length() < value.length())
                        .filter(line -> !line.startsWith("-----"))
                        .forEach(line -> secrets.add(new Secret(key + ".line" + secrets.size(), line)));
            }
        }
        addBasic(secrets, credentials, "username", "password");
        addBasic(secrets, credentials, "clientId", "clientSecret");
        secrets.sort(Comparator.comparingInt(
                        (Secret secret) -> secret.in(Secret.Form.PLAIN).length())
                .reversed());
        return new Secrets(List.copyOf(secrets), placeholders);
    }

    /** A secret that an integration got itself; the {@value #MOST_LEARNT} newest of a name count. */
    synchronized void learn(String name, String value) {
        if (value.isBlank() || secrets.stream().anyMatch(secret -> secret.is(value))) {
            return;
        }
        var all = new ArrayList<>(secrets);
        List<Secret> ofName =
                all.stream().filter(secret -> secret.name().equals(name)).toList();
        if (ofName.size() >= MOST_LEARNT) {
            all.remove(ofName.getFirst());
        }
        all.add(new Secret(name, value));
        secrets = List.copyOf(all);
    }

    /** The form in a header of HTTP. */
    private static void addBasic(List<Secret> secrets, Credentials credentials, String user, String password) {
        credentials.find(password).ifPresent(secret -> {
            String both = credentials.find(user).orElse("") + ":" + secret;
            secrets.add(new Secret(password + ".basic", Base64.getEncoder().encodeToString(both.getBytes(UTF_8))));
        });
    }

    // Payloads and state

    /** The object with placeholders instead of values. */
    JsonObject hideIn(JsonObject object) {
        return map(object, text -> {
            String hidden = text;
            for (Secret secret : secrets) {
                if (secret.isRecognisable() || secret.is(text)) {
                    hidden = secret.replaceIn(hidden, form -> placeholder(secret, form));
                }
            }
            return hidden;
        });
    }

    private String placeholder(Secret secret, Secret.Form form) {
        return "{credential:" + placeholders.seal(form + "/" + secret.name()) + "}";
    }

    /** The object with values instead of placeholders; one of a credential that is no longer there stays. */
    JsonObject fillIn(JsonObject object) {
        return map(object, text -> {
            Matcher matcher = PLACEHOLDER.matcher(text);
            return matcher.find()
                    ? matcher.replaceAll(found -> Matcher.quoteReplacement(value(found.group(), found.group(1))))
                    : text;
        });
    }

    private String value(String placeholder, String sealed) {
        String opened = placeholders.open(sealed);
        int slash = opened == null ? -1 : opened.indexOf('/');
        if (opened == null || slash < 0) {
            return placeholder;
        }
        String name = opened.substring(slash + 1);
        for (Secret.Form form : Secret.Form.values()) {
            if (form.name().equals(opened.substring(0, slash))) {
                return secrets.stream()
                        .filter(secret -> secret.name().equals(name))
                        .findFirst()
                        .map(secret -> secret.in(form))
                        .orElse(placeholder);
            }
        }
        return placeholder;
    }

    // Items

    /** A text of an item without values that cannot be there by chance. */
    String cutFrom(String data) {
        String cut = data;
        for (Secret secret : secrets) {
            if (secret.isTelling()) {
                cut = secret.replaceIn(cut, form -> named(secret));
            }
        }
        return cut;
    }

    /** The same for all texts of an object. */
    JsonObject cutFrom(JsonObject data) {
        return map(data, this::cutFrom);
    }

    // Failures, logs and accounts

    /** A text for people without the values. */
    String redact(String text) {
        String redacted = text;
        for (Secret secret : secrets) {
            if (secret.isRecognisable()) {
                redacted = secret.replaceIn(redacted, form -> named(secret));
            }
        }
        return redacted;
    }

    /** The outcome with its texts redacted. */
    Outcome redact(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Completed completed -> completed;
            case Outcome.Throttled(var code, var message, var after) ->
                new Outcome.Throttled(cutFrom(code), redact(message), after);
            case Outcome.Failed(var kind, var code, var message, var stack, var status, var lookedUp) ->
                new Outcome.Failed(kind, cutFrom(code), redact(message), stack, status, lookedUp);
        };
    }

    /** Whether a value occurs in a text: a short one only where it is all of the text. */
    boolean occurIn(@Nullable String text) {
        return text != null
                && secrets.stream()
                        .anyMatch(secret -> secret.is(text)
                                || secret.isTelling()
                                        && !secret.replaceIn(text, form -> "").equals(text));
    }

    /** Whether a value occurs in any text of an object. */
    boolean occurIn(JsonObject object) {
        var found = new boolean[1];
        map(object, text -> {
            found[0] |= occurIn(text);
            return text;
        });
        return found[0];
    }

    private static String named(Secret secret) {
        return "[" + secret.name() + "]";
    }

    // JSON

    private JsonObject map(JsonObject object, UnaryOperator<String> change) {
        if (secrets.isEmpty() || object.isEmpty()) {
            return object;
        }
        Map<String, @Nullable Object> changed = mapObject(object.values(), change);
        return changed == object.values() ? object : new JsonObject(changed);
    }

    /** Returns the same object when nothing changed. */
    private static Map<String, @Nullable Object> mapObject(
            Map<String, ? extends @Nullable Object> object, UnaryOperator<String> change) {
        var result = new LinkedHashMap<String, @Nullable Object>();
        boolean same = true;
        for (var entry : object.entrySet()) {
            String key = change.apply(entry.getKey());
            Object value = mapValue(entry.getValue(), change);
            same &= key == entry.getKey() && value == entry.getValue();
            result.put(key, value);
        }
        @SuppressWarnings("unchecked")
        var unchanged = (Map<String, @Nullable Object>) object;
        return same ? unchanged : result;
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Object mapValue(@Nullable Object value, UnaryOperator<String> change) {
        return switch (value) {
            case null -> null;
            case String text -> change.apply(text);
            case Map<?, ?> map -> mapObject((Map<String, @Nullable Object>) map, change);
            case List<?> list -> mapList(list, change);
            default -> value;
        };
    }

    private static List<? extends @Nullable Object> mapList(
            List<? extends @Nullable Object> list, UnaryOperator<String> change) {
        var result = new ArrayList<@Nullable Object>(list.size());
        boolean same = true;
        for (Object item : list) {
            Object mapped = mapValue(item, change);
            same &= mapped == item;
            result.add(mapped);
        }
        return same ? list : result;
    }
}
