package io.tributary.integrations.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.DummySSLServerSocketFactory;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.testkit.TestCertificate;
import io.tributary.integrations.workbench.ConnectedAccount;
import jakarta.mail.Message;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sends mail by a real SMTP server. */
class SmtpGreenMailIT {

    private static final String NAME = "smtp.example.test";
    private static final Effect EFFECT = new Effect("notification:7", false);

    private final SmtpIntegration integration = new SmtpIntegration();
    private GreenMail greenMail;
    private TestCertificate certificate;

    @BeforeEach
    void start() throws Exception {
        certificate = TestCertificate.forName(NAME);
        System.setProperty(
                DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_FILE_PROPERTY,
                certificate.keyStore().toString());
        System.setProperty(
                DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_PASSWORD_PROPERTY, TestCertificate.KEY_STORE_PASSWORD);
        greenMail = new GreenMail(new ServerSetup[] {
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS)
        });
        greenMail.start();
        greenMail.getUserManager().createUser("us@example.org", "us@example.org", "correct horse");
    }

    @AfterEach
    void stop() {
        greenMail.stop();
        System.clearProperty(DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_FILE_PROPERTY);
        System.clearProperty(DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_PASSWORD_PROPERTY);
    }

    private ConnectedAccount secure() {
        return ConnectedAccount.of(integration)
                .config("host", NAME)
                .config("port", greenMail.getSmtps().getPort())
                .config("trustedCertificate", certificate.pem())
                .credentials(Map.of("username", "us@example.org", "password", "correct horse"))
                .host(NAME, InetAddress.getLoopbackAddress());
    }

    private static JsonObject mail(String subject, String text, String html) {
        return JsonObject.of("to", JsonObject.of("email", "ada@example.org"))
                .with("subject", subject)
                .with("text", text)
                .with("html", html);
    }

    @Test
    void sendsTextAndHtmlByTls() throws Exception {
        ConnectedAccount account = secure().config("fromName", "Die Grüße").config("replyTo", "answers@example.org");

        Output effect = account.act("send", mail("Größe & so", "Zeile 1\n.\nZeile 3 ä", "<p>ä</p>"), EFFECT);

        MimeMessage message = greenMail.getReceivedMessages()[0];
        assertThat(message.getSubject()).isEqualTo("Größe & so");
        assertThat(message.getMessageID()).isEqualTo(effect.name()).matches("<[0-9a-f]{40}@example[.]org>");
        assertThat(message.getFrom()[0].toString()).contains("us@example.org");
        assertThat(message.getReplyTo()[0].toString()).contains("answers@example.org");
        assertThat(message.getRecipients(Message.RecipientType.TO)[0].toString())
                .isEqualTo("ada@example.org");
        assertThat(message.getContentType()).contains("multipart/");
        assertThat(GreenMailUtil.getBody(message)).contains("text/plain", "text/html");
        assertThat(effect.externalId()).isEqualTo("notification:7");
        assertThat(account.identify().displayName()).isEqualTo("us@example.org");
    }

    @Test
    void theSameKeyIsTheSameMessage() throws Exception {
        ConnectedAccount account = secure();
        account.act("send", mail("a", "b", ""), EFFECT);
        account.act("send", mail("a", "b", ""), new Effect("notification:7", true));
        account.act("send", mail("a", "b", ""), new Effect("notification:8", false));

        MimeMessage[] messages = greenMail.getReceivedMessages();
        assertThat(messages[0].getMessageID()).isEqualTo(messages[1].getMessageID());
        assertThat(messages[2].getMessageID()).isNotEqualTo(messages[0].getMessageID());
    }

    @Test
    void aSubjectAddsNoHeader() throws Exception {
        secure().act("send", mail("a\r\nBcc: eve@example.org\r\n\r\nx", "b", ""), EFFECT);

        MimeMessage[] messages = greenMail.getReceivedMessages();
        assertThat(messages).hasSize(1);
        assertThat(messages[0].getHeader("Bcc")).isNull();
        assertThat(messages[0].getSubject()).isEqualTo("a Bcc: eve@example.org x");
    }

    @Test
    void sendsWithoutALoginWhereTheServerTakesIt() throws Exception {
        ConnectedAccount.of(integration)
                .config("host", "127.0.0.1")
                .config("port", greenMail.getSmtp().getPort())
                .config("security", "none")
                .act("send", mail("a", "", "<p>only html</p>"), EFFECT);

        assertThat(greenMail.getReceivedMessages()[0].getContentType()).contains("html");
        assertThat(greenMail.getReceivedMessages()[0].getFrom()[0].toString()).isEqualTo("noreply@127.0.0.1");
    }

    @Test
    void aWrongPasswordEndsTheAccount() {
        ConnectedAccount account = secure().credentials(Map.of("username", "us@example.org", "password", "wrong"));

        assertThatThrownBy(account::identify)
                .isInstanceOfSatisfying(
                        TaskFailure.Unauthorized.class,
                        failure -> assertThat(failure.code()).isEqualTo("smtp.authFailed"));
    }
}
