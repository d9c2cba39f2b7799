package io.tributary.scheduler.incoming;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tributary.expressions.BoundedJsonata;
import io.tributary.expressions.EvaluationException;
import io.tributary.expressions.SyntaxException;
import io.tributary.scheduler.incoming.IncomingTable.Wanted;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.schemas.IncomingWebhook;
import io.tributary.schemas.WebhookDocument;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What the manifest says about its webhooks, compiled. Null stands for an expression that the manifest does not have.
 *
 * @param syncType of the runs that webhooks start
 */
record Rules(
        WebhookDocument document,
        String syncType,
        @Nullable BoundedJsonata account,
        @Nullable BoundedJsonata dedup,
        @Nullable BoundedJsonata when,
        @Nullable BoundedJsonata payload) {

    /** Accounts that one webhook may name. */
    private static final int MOST_ACCOUNTS = 100;

    private static final JsonMapper JSON = JsonMapper.shared();

    /** @throws SyntaxException an expression of the manifest is wrong */
    static Rules of(Manifest manifest, WebhookDocument webhook) throws SyntaxException {
        String syncType = webhook.run().syncType();
        return new Rules(
                webhook,
                (syncType == null ? manifest.defaultSyncType() : manifest.syncType(syncType))
                        .orElseThrow(() -> new SyntaxException(0, "the manifest has no sync type"))
                        .name(),
                compiled(webhook.account()),
                compiled(webhook.dedup()),
                compiled(webhook.run().when()),
                compiled(webhook.run().payload()));
    }

    private static @Nullable BoundedJsonata compiled(@Nullable String text) throws SyntaxException {
        return text == null ? null : BoundedJsonata.compile(text, Set.of());
    }

    /**
     * The runs that a webhook wants, one for each account; empty: none.
     *
     * @throws EvaluationException an expression failed for it
     */
    List<Wanted> apply(IncomingWebhook webhook) throws EvaluationException {
        byte[] body = bytes(webhook.getBody());
        Map<String, Object> input = new HashMap<>();
        input.put("headers", Map.copyOf(webhook.getHeaders()));
        input.put("body", parsed(body));
        if (when != null && !BoundedJsonata.holds(when.of(input))) {
            return List.of();
        }
        List<UUID> keys = keys(body, input);
        String taskType = document.run().taskType();
        String task = taskType == null ? null : task(input);
        var wanted = new ArrayList<Wanted>();
        for (String accountId : accounts(webhook, input)) {
            wanted.add(new Wanted(
                    webhook.getEndpoint(),
                    keys,
                    webhook.getDomain(),
                    new Wanted.Target(webhook.getUserIntegrationId(), accountId),
                    new Wanted.Run(syncType, taskType, task),
                    webhook.getReceivedAt()));
        }
        return wanted;
    }

    /** The provider's ids of its accounts; a single empty id if the endpoint belongs to one account. */
    private List<String> accounts(IncomingWebhook webhook, Map<String, Object> input) throws EvaluationException {
        if (webhook.getUserIntegrationId() != null) {
            return List.of("");
        }
        Object found = account == null ? null : account.of(input);
        List<?> all = found instanceof List<?> list ? list : found == null ? List.of() : List.of(found);
        return all.stream()
                .map(id -> String.valueOf(storable(id)))
                .filter(id -> !id.isEmpty())
                .distinct()
                .limit(MOST_ACCOUNTS)
                .toList();
    }

    /**
     * The keys that identify a repeated delivery: the {@code dedup} value, and a hash of the body. With the value, the
     * body counts only if others could send a webhook again that they have seen: not with a signed time, and not with a
     * token, whose holder can make up any webhook.
     */
    private List<UUID> keys(byte[] body, Map<String, Object> input) throws EvaluationException {
        Object name = dedup == null ? null : dedup.of(input);
        var keys = new ArrayList<UUID>();
        if (name != null) {
            keys.add(key(("name:" + JSON.writeValueAsString(name)).getBytes(UTF_8)));
        }
        boolean repeatable = document.verify().timestamp() == null
                && !document.verify().method().equals("token");
        if (name == null || repeatable) {
            keys.add(key(body));
        }
        return keys;
    }

    private String task(Map<String, Object> input) throws EvaluationException {
        Object value = payload == null ? null : payload.of(input);
        return value instanceof Map<?, ?> map ? JSON.writeValueAsString(storable(map)) : "{}";
    }

    /** The value without NUL characters, which Postgres cannot store. */
    private static Object storable(@Nullable Object value) {
        return switch (value) {
            case null -> JsonNodeFactory.instance.nullNode();
            case String text -> text.replace("\0", "");
            case List<?> list -> list.stream().map(Rules::storable).toList();
            case Map<?, ?> map -> {
                var copy = new LinkedHashMap<Object, Object>();
                map.forEach((name, member) -> copy.put(storable(name), storable(member)));
                yield copy;
            }
            default -> value;
        };
    }

    private static Object parsed(byte[] body) {
        try {
            Object value = JSON.readValue(body, Object.class);
            return value == null ? "" : value;
        } catch (JacksonException _) {
            return new String(body, UTF_8);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static UUID key(byte[] content) {
        try {
            var digest = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(content));
            return new UUID(digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
