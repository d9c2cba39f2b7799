package io.tributary.pipeline;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** A mailbox on a real IMAP server in this JVM. Knows what it holds: the size of each message by its Message-ID. */
final class Mailbox implements AutoCloseable {

    static final String USER = "reader@pipeline.example";
    static final String PASSWORD = "canary-secret-of-the-pipeline";

    private final GreenMail server;
    private final MailFolder inbox;
    private final Map<String, Integer> sizes = new HashMap<>();
    private int delivered;

    Mailbox() {
        server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP));
        server.start();
        GreenMailUser user = server.setUser(USER, USER, PASSWORD);
        try {
            inbox = server.getManagers().getImapHostManager().getInbox(user);
        } catch (FolderException e) {
            throw new IllegalStateException("a new mailbox has an inbox", e);
        }
    }

    /** Delivers further messages, no two alike. */
    Mailbox deliver(int count) {
        for (int i = 0; i < count; i++) {
            int number = delivered++;
            String id = "<message-" + number + "@pipeline.example>";
            byte[] source = ("Message-ID: " + id + "\r\nFrom: sender@pipeline.example\r\nTo: " + USER
                            + "\r\nSubject: Message " + number + " \u00fcber alles\r\nDate: Thu, 1 Jan 2026 00:00:"
                            + String.format("%02d", number % 60)
                            + " +0000\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit"
                            + "\r\n\r\nBody of message " + number + "\r\n" + "caf\u00e9 ".repeat(number % 40) + "\r\n")
                    .getBytes(StandardCharsets.UTF_8);
            try {
                var message = new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(source));
                inbox.appendMessage(message, new Flags(), new Date());
            } catch (MessagingException e) {
                throw new IllegalStateException(e);
            }
            sizes.put(id, source.length);
        }
        return this;
    }

    Map<String, Integer> sizesByMessageId() {
        return sizes;
    }

    Map<String, Object> config() {
        return Map.of("host", "127.0.0.1", "port", server.getImap().getPort(), "security", "none");
    }

    Map<String, String> credentials() {
        return Map.of("username", USER, "password", PASSWORD);
    }

    @Override
    public void close() {
        server.stop();
    }
}
