package io.tributary.integrations.smtp;

import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskFailure;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import org.jspecify.annotations.Nullable;
import org.simplejavamail.api.email.EmailPopulatingBuilder;
import org.simplejavamail.converter.EmailConverter;
import org.simplejavamail.email.EmailBuilder;

/**
 * Composes a message of an input.
 *
 * @param sender address of the sender
 */
record ComposeMessage(SmtpConfig config, String sender) {

    /**
     * The message, with a Message-ID made of the key of its effect.
     *
     * @throws TaskFailure.Permanent {@code smtp.invalidInput}: no text; {@code smtp.invalidRecipient}: no address
     */
    MimeMessage of(JsonObject input, Effect effect) throws TaskFailure.Permanent {
        String text = input.text("text").orElse(null);
        String html = input.text("html").orElse(null);
        if (isEmpty(text) && isEmpty(html)) {
            throw new TaskFailure.Permanent("smtp.invalidInput", "The message has neither text nor html.", null);
        }
        EmailPopulatingBuilder email = EmailBuilder.startingBlank()
                .from(config.fromName(), sender)
                .to(null, recipient(input.object("to").text("email").orElse("")))
                .withSubject(oneLine(input.text("subject").orElse("")))
                .fixingMessageId(messageId(effect));
        if (!isEmpty(text)) {
            email = email.withPlainText(text);
        }
        if (!isEmpty(html)) {
            email = email.withHTMLText(html);
        }
        if (config.replyTo() != null) {
            email = email.withReplyTo(config.replyTo());
        }
        return EmailConverter.emailToMimeMessage(email.buildEmail());
    }

    /** {@code <hash@domain>}: the same for the same key and sender. */
    String messageId(Effect effect) {
        return "<" + effect.keyHash().substring(0, 40) + "@" + sender.substring(sender.lastIndexOf('@') + 1) + ">";
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    /** A line break in a header would begin another header. */
    private static String oneLine(String text) {
        return text.replaceAll("[\\r\\n\\u0000]+", " ");
    }

    private static String recipient(String address) throws TaskFailure.Permanent {
        try {
            var parsed = new InternetAddress(address, true);
            if (parsed.isGroup() || !address.contains("@") || !address.equals(parsed.getAddress())) {
                throw invalidRecipient();
            }
            return address;
        } catch (AddressException _) { // Its message quotes the address.
            throw invalidRecipient();
        }
    }

    private static TaskFailure.Permanent invalidRecipient() {
        return new TaskFailure.Permanent(
                "smtp.invalidRecipient", "The recipient's address is not one: correct it.", null);
    }
}
