package io.tributary.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.UIDFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class DemoMailServerIT {

    /** What an IMAP client sees of a mailbox. */
    private record Mailbox(long uidValidity, List<Long> uids, List<byte[]> messages) {}

    @Test
    void servesTheSampleMailByteForByte() throws Exception {
        try (var server = DemoMailServer.start()) {
            assertThat(read(server).messages()).containsExactlyElementsOf(DemoMailServer.sampleMail());
        }
    }

    @Test
    void looksToAClientLikeTheSameMailboxAfterARestart() throws Exception {
        Mailbox first;
        try (var server = DemoMailServer.start()) {
            first = read(server);
        }
        try (var server = DemoMailServer.start()) {
            server.deliver("Subject: one more\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            var second = read(server);
            assertThat(second.uidValidity()).isEqualTo(first.uidValidity());
            assertThat(second.uids())
                    .startsWith(first.uids().toArray(Long[]::new))
                    .hasSize(first.uids().size() + 1);
        }
    }

    private static Mailbox read(DemoMailServer server) throws MessagingException, IOException {
        try (var store = Session.getInstance(new Properties()).getStore("imap")) {
            store.connect("127.0.0.1", server.port(), DemoMailServer.USER, DemoMailServer.PASSWORD);
            try (Folder inbox = store.getFolder("INBOX")) {
                inbox.open(Folder.READ_ONLY);
                var uids = new ArrayList<Long>();
                var messages = new ArrayList<byte[]>();
                for (Message message : inbox.getMessages()) {
                    uids.add(((UIDFolder) inbox).getUID(message));
                    var bytes = new ByteArrayOutputStream();
                    message.writeTo(bytes);
                    messages.add(bytes.toByteArray());
                }
                return new Mailbox(((UIDFolder) inbox).getUIDValidity(), uids, messages);
            }
        }
    }
}
