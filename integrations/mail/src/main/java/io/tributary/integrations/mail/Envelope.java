package io.tributary.integrations.mail;

import jakarta.mail.internet.MailDateFormat;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header of a message (RFC 5322, section 3.6).
 *
 * @param messageId with its angle brackets; null when there is none
 * @param inReplyTo the first message id of In-Reply-To, with its angle brackets; null when there is none
 * @param references the message ids of References, oldest first, with their angle brackets
 * @param date null when there is none, or none that a mail could have: before 1970, after 9999, or not a date
 */
public record Envelope(
        @Nullable String messageId,
        @Nullable String inReplyTo,
        List<String> references,
        String subject,
        List<Address> from,
        List<Address> to,
        List<Address> cc,
        @Nullable Instant date) {

    /** Of a message whose header says nothing. */
    static final Envelope NONE = new Envelope(null, null, List.of(), "", List.of(), List.of(), List.of(), null);

    private static final Pattern MESSAGE_ID = Pattern.compile("<([^<>]{1,998})>");
    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

    static Envelope read(Headers headers, Problems problems) {
        return new Envelope(
                messageId(headers),
                messageIds(headers.first("In-Reply-To").orElse(""), 1).stream()
                        .findFirst()
                        .orElse(null),
                messageIds(headers.joined("References", " "), Bounds.REFERENCES),
                text(headers.first("Subject").orElse(""), problems),
                Address.parseList(headers.joined("From", ","), problems),
                Address.parseList(headers.joined("To", ","), problems),
                Address.parseList(headers.joined("Cc", ","), problems),
                headers.first("Date").flatMap(date -> instant(date, problems)).orElse(null));
    }

    /** The id of the conversation: the first of References, else In-Reply-To, else the message itself. */
    public Optional<String> threadId() {
        if (!references.isEmpty()) {
            return Optional.of(references.getFirst());
        }
        return Optional.ofNullable(inReplyTo).or(() -> Optional.ofNullable(messageId));
    }

    static String text(String value, Problems problems) {
        return Bounds.cut(EncodedWords.decode(value, problems).strip(), Bounds.VALUE_CHARS);
    }

    private static @Nullable String messageId(Headers headers) {
        String field = headers.first("Message-ID").orElse("");
        // Some mailers forget the brackets: then it is the whole field.
        String whole = Bounds.cut(field.strip(), Bounds.VALUE_CHARS);
        return messageIds(field, 1).stream().findFirst().orElse(whole.isEmpty() ? null : whole);
    }

    private static List<String> messageIds(String field, int limit) {
        var ids = new ArrayList<String>();
        Matcher id = MESSAGE_ID.matcher(field);
        while (ids.size() < limit && id.find()) {
            ids.add("<" + id.group(1).replaceAll("\\s", "") + ">");
        }
        return List.copyOf(ids);
    }

    private static Optional<Instant> instant(String field, Problems problems) {
        try {
            Instant date = new MailDateFormat().parse(field.strip()).toInstant();
            if (!date.isBefore(Instant.EPOCH) && date.isBefore(YEAR_10000)) {
                return Optional.of(date);
            }
        } catch (ParseException e) {
            // Reported below: the message goes by the time it arrived.
        }
        problems.add("no usable date", field);
        return Optional.empty();
    }
}
