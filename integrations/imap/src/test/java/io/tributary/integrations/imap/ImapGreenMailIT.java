package io.tributary.integrations.imap;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.DummySSLServerSocketFactory;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.testkit.TestCertificate;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.InMemoryRun;
import jakarta.mail.Flags;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Syncs a mailbox of a real IMAP server. */
class ImapGreenMailIT {

    private static final String NAME = "mail.example.test";
    private static final String USER = "ada@example.org";
    private static final String PASSWORD = "correct horse";

    /** More than a page. GreenMail takes time with their square; {@link ImapSyncIT} has more. */
    private static final int MESSAGES = 1_100;

    private final ImapIntegration integration = new ImapIntegration();
    private GreenMail greenMail;
    private MailFolder inbox;
    private ConnectedAccount account;
    private int delivered;

    @BeforeEach
    void start() throws Exception {
        TestCertificate certificate = TestCertificate.forName(NAME);
        System.setProperty(
                DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_FILE_PROPERTY,
                certificate.keyStore().toString());
        System.setProperty(
                DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_PASSWORD_PROPERTY, TestCertificate.KEY_STORE_PASSWORD);
        greenMail = new GreenMail(new ServerSetup[] {
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAPS)
        });
        greenMail.start();
        GreenMailUser user = greenMail.getUserManager().createUser(USER, USER, PASSWORD);
        inbox = greenMail.getManagers().getImapHostManager().getInbox(user);
        greenMail.getManagers().getImapHostManager().createMailbox(user, "Archive");
        account = ConnectedAccount.of(integration)
                .config("host", NAME)
                .config("port", greenMail.getImaps().getPort())
                .config("trustedCertificate", certificate.pem())
                .credentials(Map.of("username", USER, "password", PASSWORD))
                .host(NAME, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() {
        integration.close();
        greenMail.stop();
        System.clearProperty(DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_FILE_PROPERTY);
        System.clearProperty(DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_PASSWORD_PROPERTY);
    }

    @Test
    void whatIsSyncedEqualsTheMailbox() throws Exception {
        deliverOneOfEachKind();

        InMemoryRun run = account.sync();

        assertThat(run.failures()).isEmpty();
        assertThat(sources(run)).containsExactlyElementsOf(sourcesOnServer());
        assertThat(messageIds(run)).containsExactlyElementsOf(messageIdsOnServer());
        assertThat(run.outputs()).extracting(Output::externalTimestamp).doesNotContainNull();
    }

    @Test
    void aSecondSyncBringsNothingAndThreeMoreMessagesAreThree() throws Exception {
        deliverOneOfEachKind();
        account.sync();

        InMemoryRun second = account.sync();
        assertThat(second.outputs()).isEmpty();
        assertThat(second.tasks(DownloadMessages.TYPE)).isEmpty();

        for (int i = 0; i < 3; i++) {
            deliver("Subject: more\r\n\r\n");
        }
        assertThat(account.sync().outputs()).hasSize(3).extracting(Output::name).containsOnly("more");
    }

    @Test
    void messagesStayUnseen() throws Exception {
        deliverOneOfEachKind();

        account.sync();

        assertThat(inbox.getMessages()).noneMatch(message -> message.isSet(Flags.Flag.SEEN));
        assertThat(inbox.getMessages()).allMatch(message -> message.isSet(Flags.Flag.RECENT));
    }

    @Test
    void aFolderOfSeveralPagesIsSyncedWhole() throws Exception {
        for (int i = 0; i < MESSAGES; i++) {
            deliver("Message-ID: <" + i + "@example.org>\r\nSubject: " + i + "\r\n\r\nHello\r\n");
        }

        InMemoryRun run = account.sync();

        assertThat(run.failures()).isEmpty();
        assertThat(messageIds(run)).hasSize(MESSAGES).containsExactlyInAnyOrderElementsOf(messageIdsOnServer());
        assertThat(account.sync().outputs()).isEmpty();
    }

    @Test
    void worksWithoutEncryptionToo() throws Exception {
        deliver("Subject: plain\r\n\r\n");

        InMemoryRun run = account.config("security", "none")
                .config("port", greenMail.getImap().getPort())
                .sync();

        assertThat(run.outputs()).hasSize(1);
    }

    @Test
    void anotherFolderIsAnotherSync() throws Exception {
        deliver("Subject: in the inbox\r\n\r\n");
        account.sync();

        assertThat(account.config("folder", "Archive").sync().outputs()).isEmpty();
        assertThat(account.syncState().text("folder")).contains("Archive");
    }

    @Test
    void aFolderThatIsNotThereIsMisconfigured() throws Exception {
        assertThat(account.config("folder", "Archives").sync().failures())
                .singleElement()
                .isInstanceOfSatisfying(TaskFailure.Misconfigured.class, failure -> {
                    assertThat(failure.code()).isEqualTo("imap.folderNotFound");
                    assertThat(failure.reason()).contains("it has Archive");
                });
    }

    @Test
    void aWrongPasswordIsUnauthorized() throws Exception {
        assertThat(account.credentials(Map.of("username", USER, "password", "wrong"))
                        .sync()
                        .failureCodes())
                .containsExactly("imap.authFailed");
    }

    private void deliverOneOfEachKind() throws Exception {
        deliver("");
        deliver("Subject: no body\r\n");
        deliver("Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nDate: never\r\nMessage-ID: <1@example.org>\r\n\r\nHello\r\n");
        deliver("""
            Message-ID: <2@example.org>\r
            References: <1@example.org>\r
            Content-Type: multipart/mixed; boundary=b\r
            \r
            --b\r
            \r
            no end\r
            """);
        deliver("""
            Message-ID: <3@example.org>\r
            Content-Type: text/plain; charset=x-none\r
            Content-Transfer-Encoding: base64\r
            \r
            !!!\r
            """);
        deliver("Message-ID: <4@example.org>\r\nSubject: Gr\u00fc\u00dfe\r\n\r\n8 bit: \u00e9\u00ff\r\n");
        deliver("Message-ID: <5@example.org>\r\nContent-Type: text\r\n\r\n" + "line\r\n".repeat(50_000));
        for (int i = 6; i < 60; i++) {
            deliver("Message-ID: <" + i + "@example.org>\r\nSubject: " + i + "\r\n\r\nHello\r\n");
        }
    }

    private void deliver(String source) throws Exception {
        var message = new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(source.getBytes(StandardCharsets.ISO_8859_1)));
        inbox.appendMessage(
                message,
                new Flags(),
                Date.from(Instant.parse("2026-02-03T10:11:12Z").plusSeconds(delivered++)));
    }

    private List<String> sourcesOnServer() throws Exception {
        var sources = new ArrayList<String>();
        for (StoredMessage message : inbox.getMessages()) {
            var source = new ByteArrayOutputStream();
            message.getMimeMessage().writeTo(source);
            sources.add(source.toString(StandardCharsets.ISO_8859_1));
        }
        return sources;
    }

    private List<String> messageIdsOnServer() throws Exception {
        var ids = new ArrayList<String>();
        for (StoredMessage message : inbox.getMessages()) {
            ids.add(String.valueOf(message.getMimeMessage().getMessageID()));
        }
        return ids;
    }

    /** The sources byte by byte, after a look at the sizes. */
    private static List<String> sources(InMemoryRun run) {
        return run.outputs().stream()
                .map(output -> {
                    var encoding = Charset.forName(output.metadata().requireText("contentEncoding"));
                    byte[] source = String.valueOf(output.content()).getBytes(encoding);
                    assertThat(source).hasSize((int) output.metadata().requireInteger("size"));
                    return new String(source, StandardCharsets.ISO_8859_1);
                })
                .toList();
    }

    private static List<String> messageIds(InMemoryRun run) {
        return run.outputs().stream()
                .map(output -> output.metadata().text("messageId").orElse("null"))
                .toList();
    }
}
