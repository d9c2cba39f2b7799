package io.tributary.edge.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tributary.edge.webhooks.Endpoints.Ready;
import io.tributary.schemas.WebhookDocument.Challenge;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers the requests by which a provider checks that an address is ours. */
final class AnswerChallenge {

    /** Longest challenge that is repeated, characters. */
    private static final int MOST_CHARACTERS = 2_000;

    /**
     * Tokens of a CRC. The answer is a signature of the token, and anybody may ask for it: no body of a webhook may
     * have this form.
     */
    private static final Pattern CRC_TOKEN = Pattern.compile("[A-Za-z0-9+/=_-]{1,200}");

    private static final JsonMapper JSON = JsonMapper.shared();

    private AnswerChallenge() {}

    /**
     * An answer.
     *
     * @param json whether the text is JSON, or else plain
     */
    record Answer(String text, boolean json) {}

    /**
     * Answers a GET.
     *
     * @param parameter returns the value of a query parameter by its name; null: the request does not have it
     * @return empty: it is no challenge that this endpoint expects
     */
    static Optional<Answer> toGet(Ready endpoint, Function<String, @Nullable String> parameter) {
        for (Challenge challenge : endpoint.rules().document().challenges()) {
            Answer answer = switch (challenge.type()) {
                case "hub" -> hub(endpoint.secret().verifyToken(), parameter);
                case "crc" -> crc(endpoint.secret().secret(), parameter);
                default -> null;
            };
            if (answer != null) {
                return Optional.of(answer);
            }
        }
        return Optional.empty();
    }

    private static @Nullable Answer hub(@Nullable String token, Function<String, @Nullable String> parameter) {
        String challenge = parameter.apply("hub.challenge");
        String sent = parameter.apply("hub.verify_token");
        boolean ours =
                token != null && sent != null && MessageDigest.isEqual(token.getBytes(UTF_8), sent.getBytes(UTF_8));
        return ours
                        && challenge != null
                        && challenge.length() <= MOST_CHARACTERS
                        && "subscribe".equals(parameter.apply("hub.mode"))
                ? new Answer(challenge, false)
                : null;
    }

    private static @Nullable Answer crc(String secret, Function<String, @Nullable String> parameter) {
        String token = parameter.apply("crc_token");
        return token == null || !CRC_TOKEN.matcher(token).matches()
                ? null
                : new Answer(
                        JSON.writeValueAsString(
                                Map.of("response_token", "sha256=" + VerifySignature.hmacBase64(secret, token))),
                        true);
    }

    /** Answers a POST that is genuine; empty: it is a webhook. */
    static Optional<Answer> toPost(Rules rules, Received request) {
        for (Challenge challenge : rules.document().challenges()) {
            if (challenge.type().equals("post") && marks(challenge, request)) {
                return Optional.of(answer(challenge, request));
            }
        }
        return Optional.empty();
    }

    private static boolean marks(Challenge challenge, Received request) {
        String marker = challenge.header() != null
                ? request.header().apply(challenge.header())
                : at(request, challenge.pointer());
        return marker != null && marker.equals(challenge.equalTo());
    }

    private static Answer answer(Challenge challenge, Received request) {
        if (challenge.answer() != null) {
            return new Answer(challenge.answer(), true);
        }
        String echo = challenge.echo() == null ? null : at(request, challenge.echo());
        return new Answer(echo == null || echo.length() > MOST_CHARACTERS ? "" : echo, false);
    }

    /** The text or number at a JSON pointer of the body; null: the body has neither there. */
    private static @Nullable String at(Received request, @Nullable String pointer) {
        if (pointer == null) {
            return null;
        }
        try {
            JsonNode value = JSON.readTree(request.body()).at(pointer);
            return value.isValueNode() && !value.isNull() ? value.asString() : null;
        } catch (JacksonException | IllegalArgumentException _) {
            return null;
        }
    }
}
