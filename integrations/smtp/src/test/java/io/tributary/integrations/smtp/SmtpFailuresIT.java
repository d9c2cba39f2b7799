package io.tributary.integrations.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.egress.PublicHosts;
import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.http.ResolveHost;
import io.tributary.integrations.testkit.TestCertificate;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.LocalAccount;
import io.tributary.integrations.workbench.LocalContext;
import io.tributary.integrations.workbench.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What replies and lost connections mean, above all whether the message may have been taken. */
class SmtpFailuresIT {

    private static final String NAME = "smtp.example.test";
    private static final Effect EFFECT = new Effect("notification:7", false);
    private static final JsonObject MAIL =
            JsonObject.of("to", JsonObject.of("email", "ada@example.org")).with("text", "hello");

    private static ConnectedAccount account(int port, String security) {
        return ConnectedAccount.of(new SmtpIntegration())
                .config("host", NAME)
                .config("port", port)
                .config("security", security)
                .config("from", "us@example.org")
                .host(NAME, InetAddress.getLoopbackAddress());
    }

    private static TaskFailure failure(ConnectedAccount account) {
        TaskFailure failure = catchThrowableOfType(TaskFailure.class, () -> account.act("send", MAIL, EFFECT));
        assertThat(failure).as("it is sent").isNotNull();
        assertThat(failure.reason()).doesNotContain("ada@", "s3cret");
        return failure;
    }

    @ParameterizedTest
    @CsvSource({
        "RCPT, 550 no such user ada@example.org, smtp.recipientRefused, Permanent",
        "RCPT, 450 greylisted, smtp.serverUnavailable, certain",
        "MAIL, 553 not yours, smtp.senderRefused, Misconfigured",
        "MAIL, 530 log in first, smtp.loginRequired, Misconfigured",
        "MAIL, 451 later, smtp.serverUnavailable, certain",
        "DATA, 554 no, smtp.messageRefused, Permanent",
        "., 552 too large, smtp.messageRefused, Permanent",
        "., 451 later, smtp.serverUnavailable, certain",
        "., 421 closing, smtp.serverBusy, RetryLater",
        "CONNECT, 554 no mail from you, smtp.messageRefused, Permanent",
        "CONNECT, 421 too many, smtp.serverBusy, RetryLater",
        "CONNECT, '', smtp.unreachable, certain",
        "RCPT, '', smtp.unreachable, certain",
        "DATA, '', smtp.unreachable, certain",
        "., '', smtp.unreachable, uncertain",
        "., RESET, smtp.unreachable, uncertain",
        "., no reply code, smtp.unreachable, uncertain",
        "DATA, RESET, smtp.unreachable, certain"
    })
    void aReplyMeansWhatItsCodeSays(String command, String reply, String code, String kind) throws Exception {
        try (var server = ScriptedSmtpServer.plain().answer(command, reply)) {
            TaskFailure failure = failure(account(server.port(), "none"));

            assertThat(failure.code()).isEqualTo(code);
            if (failure instanceof TaskFailure.Transient it) {
                assertThat(it.isWithoutEffect() ? "certain" : "uncertain").isEqualTo(kind);
            } else {
                assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "535 5.7.8 ada s3cret is wrong, smtp.authFailed, Unauthorized",
        "454 later, smtp.serverBusy, RetryLater",
        "538 not without TLS, smtp.loginRequired, Misconfigured"
    })
    void aRefusedLoginShowsNothingOfWhatTheServerSays(String reply, String code, String kind) throws Exception {
        try (var server = ScriptedSmtpServer.plain().answer("AUTH", reply)) {
            TaskFailure failure = failure(
                    account(server.port(), "none").credentials(Map.of("username", "ada", "password", "s3cret")));

            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
            assertThat(failure.getCause()).isNull();
            assertThat(server.lines()).noneMatch(line -> line.startsWith("MAIL"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // The reply to the command, to the username and to the password; none: the connection is closed or reset.
        "'', , ",
        "RESET, , ",
        "334 VXNlcm5hbWU6, '', ",
        "334 VXNlcm5hbWU6, RESET, ",
        "334 VXNlcm5hbWU6, 334 UGFzc3dvcmQ6, ''",
        "334 VXNlcm5hbWU6, 334 UGFzc3dvcmQ6, RESET",
        "no reply code, , "
    })
    void aConnectionThatIsLostDuringTheLoginSaysNothingOfTheCredentials(String auth, String user, String password)
            throws Exception {
        try (var server = ScriptedSmtpServer.plain().answer("EHLO", "250-scripted\r\n250 AUTH LOGIN")) {
            server.answer("AUTH", auth);
            if (user != null) {
                server.answer("YWRH", user);
            }
            if (password != null) {
                server.answer("CZNJCMV0", password);
            }
            TaskFailure failure = failure(
                    account(server.port(), "none").credentials(Map.of("username", "ada", "password", "s3cret")));

            assertThat(failure.code()).isEqualTo("smtp.unreachable");
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            TaskFailure.Transient.class,
                            it -> assertThat(it.isWithoutEffect()).isTrue());
            assertThat(String.valueOf(failure.getCause())).doesNotContain("reply code", "s3cret");
            assertThat(server.lines()).noneMatch(line -> line.startsWith("MAIL"));
        }
    }

    @Test
    void aRefusedAccessTokenIsUnauthorized() throws Exception {
        try (var server = ScriptedSmtpServer.plain()
                .answer("EHLO", "250-scripted\r\n250 AUTH XOAUTH2")
                .answer("AUTH", "334 eyJzdGF0dXMiOiI0MDAifQ==")) {
            TaskFailure failure = failure(
                    account(server.port(), "none").credentials(Map.of("username", "ada", "accessToken", "s3cret")));

            assertThat(failure).isInstanceOf(TaskFailure.Unauthorized.class);
            assertThat(failure.code()).isEqualTo("smtp.authFailed");
        }
    }

    @Test
    void usesStartTlsOrNothing() throws Exception {
        var certificate = TestCertificate.forName(NAME);
        try (var server = ScriptedSmtpServer.withStartTls(certificate);
                var without = ScriptedSmtpServer.plain()) {
            account(server.port(), "starttls")
                    .config("trustedCertificate", certificate.pem())
                    .credentials(Map.of("username", "ada", "password", "s3cret"))
                    .act("send", MAIL, EFFECT);
            assertThat(server.lines()).contains("STARTTLS").anyMatch(line -> line.startsWith("AUTH PLAIN"));

            assertThat(failure(account(server.port(), "starttls")).code()).isEqualTo("smtp.certificateRefused");
            assertThat(failure(account(without.port(), "starttls")
                                    .credentials(Map.of("username", "ada", "password", "s3cret")))
                            .code())
                    .isEqualTo("smtp.tlsUnavailable");
            assertThat(without.lines()).noneMatch(line -> line.startsWith("AUTH"));
            assertThat(failure(account(without.port(), "tls")).code()).isEqualTo("smtp.tlsUnavailable");
        }
    }

    @Test
    void aConnectionThatCannotBeMadeHadNoEffect() throws Exception {
        assertThat(failure(account(closedPort(), "none")))
                .isInstanceOfSatisfying(
                        TaskFailure.Transient.class,
                        it -> assertThat(it.isWithoutEffect()).isTrue());
    }

    @Test
    void aPrivateAddressIsRefused() throws Exception {
        try (var server = ScriptedSmtpServer.plain()) {
            var network = new Network(
                    "smtp",
                    Map.of(),
                    request -> {
                        throw new AssertionError(request);
                    },
                    ResolveHost.of(new PublicHosts(false)),
                    () -> {});
            var context = LocalContext.of(
                    new LocalAccount(
                            JsonObject.of("host", "127.0.0.1")
                                    .with("port", server.port())
                                    .with("security", "none"),
                            Map.of()),
                    network);

            TaskFailure failure = catchThrowableOfType(
                    TaskFailure.class, () -> new SmtpIntegration().run(new Task("send", MAIL, 1), context));

            assertThat(failure.code()).isEqualTo("polling.addressRefused");
            assertThat(server.lines()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                        | smtp.invalidRecipient
            ada                                       | smtp.invalidRecipient
            ada@example.org, bob@example.org          | smtp.invalidRecipient
            Ada <ada@example.org>                     | smtp.invalidRecipient
            ada@example.org\\nRCPT TO:<bob@example.org> | smtp.invalidRecipient
            """)
    void aRecipientIsOneAddress(String address, String code) throws Exception {
        try (var server = ScriptedSmtpServer.plain()) {
            var mail = MAIL.with("to", JsonObject.of("email", address.replace("\\n", "\r\n")));

            TaskFailure failure = catchThrowableOfType(
                    TaskFailure.class, () -> account(server.port(), "none").act("send", mail, EFFECT));

            assertThat(failure.code()).isEqualTo(code);
            assertThat(server.lines()).isEmpty();
        }
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
