package io.tributary.integrations.imap;

import static io.tributary.integrations.imap.ScriptedImapServer.PASSWORD;
import static io.tributary.integrations.imap.ScriptedImapServer.USER;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.imap.ScriptedImapServer.Protection;
import io.tributary.integrations.testkit.TestCertificate;
import io.tributary.integrations.workbench.ConnectedAccount;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong says what it is, what to do about it, and nothing secret. */
class ImapFailuresIT {

    private static final String NAME = "mail.example.test";
    private static final Task LIST = new Task(ListMessages.TYPE, JsonObject.EMPTY, 1);

    private final ImapIntegration integration = new ImapIntegration();
    private ScriptedImapServer server;

    @BeforeEach
    void start() throws Exception {
        server = ScriptedImapServer.plain();
    }

    @AfterEach
    void stop() throws Exception {
        integration.close();
        server.close();
    }

    private void assertSaysWhy(String refused, String answer, String code, String kind) throws Exception {
        server.refuse(refused, answer);

        TaskFailure failure = failure(account("none"));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
    }

    @Nested
    class Logins {

        @ParameterizedTest
        @ValueSource(strings = {"IMAP4rev1 AUTH=PLAIN", "IMAP4rev1"})
        void withAWrongPasswordAreUnauthorized(String capabilities) throws Exception {
            TaskFailure failure = unauthorized(capabilities, "password", "wr0ng-s3cret");

            assertThat(failure.reason()).contains("password");
            assertThat(failure.getCause()).as("the server echoes the password").isNull();
        }

        @ParameterizedTest
        @ValueSource(strings = {"IMAP4rev1 AUTH=PLAIN", "IMAP4rev1"})
        void withTheRightOneSucceed(String capabilities) throws Exception {
            server.capabilities(capabilities);

            assertThat(account("none").sync().succeeded()).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"IMAP4rev1 AUTH=XOAUTH2 SASL-IR", "IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2"})
        void withAnAccessTokenSucceed(String capabilities) throws Exception {
            server.capabilities(capabilities);
            server.add("Subject: x\r\n\r\n");

            assertThat(account("none")
                            .credentials(Map.of("username", USER, "accessToken", ScriptedImapServer.ACCESS_TOKEN))
                            .sync()
                            .outputs())
                    .hasSize(1);
            assertThat(server.commands("AUTHENTICATE"))
                    .containsExactly(
                            capabilities.contains("SASL-IR")
                                    ? "AUTHENTICATE XOAUTH2 with its answer"
                                    : "AUTHENTICATE XOAUTH2");
        }

        @ParameterizedTest
        @ValueSource(strings = {"IMAP4rev1 AUTH=XOAUTH2 SASL-IR", "IMAP4rev1 AUTH=XOAUTH2"})
        void withAnAccessTokenThatExpiredAreUnauthorized(String capabilities) throws Exception {
            assertThat(unauthorized(capabilities, "accessToken", "0ld-t0ken").reason())
                    .contains("access token");
        }

        private TaskFailure unauthorized(String capabilities, String credential, String value) throws Exception {
            server.capabilities(capabilities);

            TaskFailure failure = failure(account("none").credentials(Map.of("username", USER, credential, value)));

            assertThat(failure).isInstanceOf(TaskFailure.Unauthorized.class);
            assertThat(failure.code()).isEqualTo("imap.authFailed");
            assertThat(failure.reason()).doesNotContain(value);
            return failure;
        }

        @Test
        void withANewAccessTokenUseANewConnection() throws Exception {
            server.capabilities("IMAP4rev1 AUTH=XOAUTH2 SASL-IR");
            var account = account("none");
            failure(account.credentials(Map.of("username", USER, "accessToken", "0ld-t0ken")));

            assertThat(account.credentials(Map.of("username", USER, "accessToken", ScriptedImapServer.ACCESS_TOKEN))
                            .sync()
                            .succeeded())
                    .isTrue();
        }

        @Test
        void withoutAPasswordAreUnauthorized() throws Exception {
            assertThat(failure(account("none").credentials(Map.of("username", USER))))
                    .isInstanceOf(TaskFailure.Unauthorized.class);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
            NO [AUTHENTICATIONFAILED] wrong     | imap.authFailed        | Unauthorized
            NO [AUTHENTICATIONFAILED] too many bad logins | imap.authFailed | Unauthorized
            NO [EXPIRED] password too old       | imap.authFailed        | Unauthorized
            NO go away                          | imap.authFailed        | Unauthorized
            NO [PRIVACYREQUIRED] use TLS        | imap.tlsRequired       | Misconfigured
            NO [UNAVAILABLE] backend down       | imap.serverUnavailable | Transient
            NO [LIMIT] too many                 | imap.serverBusy        | RetryLater
            NO [INUSE] locked                   | imap.serverBusy        | RetryLater
            NO [ALERT] Too many simultaneous connections. (Failure) | imap.serverBusy | RetryLater
            NO Temporary authentication failure | imap.serverBusy        | RetryLater
            NO [ALERT] Account exceeded command or bandwidth limits. (Failure) | imap.serverBusy | RetryLater
            NO Server Unavailable. 15           | imap.serverUnavailable | Transient
            NO System Error (Failure)           | imap.serverUnavailable | Transient
            NO [AUTHENTICATIONFAILED] internal error | imap.authFailed   | Unauthorized
            BAD what?                           | imap.protocolError     | Transient
            """)
        void thatAreRefusedSayWhy(String answer, String code, String kind) throws Exception {
            assertSaysWhy("AUTHENTICATE", answer, code, kind);
        }

        @ParameterizedTest
        @ValueSource(strings = {"NO wrong: ", "NO [UNAVAILABLE] ", "BAD unknown command: ", "* BYE you said "})
        void neverTellThePasswordThatAServerEchoes(String answer) throws Exception {
            server.script((command, session) -> {
                if (command.startsWith("AUTHENTICATE")) {
                    if (answer.startsWith("*")) {
                        session.line(answer + PASSWORD);
                        session.hangUp();
                    } else {
                        session.tagged(answer + PASSWORD);
                    }
                    return true;
                }
                return false;
            });

            var trace = new StringWriter();
            failure(account("none")).printStackTrace(new PrintWriter(trace));

            assertThat(trace.toString()).doesNotContain(PASSWORD);
        }

        @Test
        void thatTheServerTakesOnlyOverTlsSayThat() throws Exception {
            server.capabilities("IMAP4rev1 STARTTLS LOGINDISABLED");

            TaskFailure failure = failure(account("none"));

            assertThat(failure.code()).isEqualTo("imap.tlsRequired");
            assertThat(server.commands()).containsExactly("CAPABILITY");
        }

        @Test
        void areLeftOutWhenTheServerKnowsUs() throws Exception {
            server.greeting("* PREAUTH welcome back");

            assertThat(account("none").sync().succeeded()).isTrue();
            assertThat(server.commands()).containsExactly("CAPABILITY", "EXAMINE INBOX");
        }
    }

    @Nested
    class Servers {

        @Test
        void thatDoNotListenAreUnreachable() throws Exception {
            int port = freePort();

            TaskFailure failure = failure(ConnectedAccount.of(integration)
                    .config("host", NAME)
                    .config("port", port)
                    .credentials(Map.of("username", USER, "password", PASSWORD))
                    .host(NAME, InetAddress.getLoopbackAddress()));

            assertThat(failure).isInstanceOf(TaskFailure.Transient.class);
            assertThat(failure.code()).isEqualTo("imap.unreachable");
            assertThat(failure.reason()).contains(NAME + ":" + port).contains("refused");
        }

        @Test
        void thatHaveNoAddressAreUnknown() throws Exception {
            assertThat(failure(account("none").config("host", "no-such-host.invalid"))
                            .code())
                    .isEqualTo("polling.hostUnknown");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
            * BYE [UNAVAILABLE] maintenance       | imap.serverUnavailable
            * BYE Too many connections from your IP | imap.serverBusy
            * BYE go away                         | imap.unreachable
            220 mail.example.org ESMTP            | imap.unreachable
            """)
        void thatGreetBadlySayWhy(String greeting, String code) throws Exception {
            server.greeting(greeting);

            assertThat(failure(account("none")).code()).isEqualTo(code);
        }

        @Test
        void thatHangUpAreUnreachable() throws Exception {
            server.script((command, session) -> {
                if (command.startsWith("EXAMINE")) {
                    session.line("* BYE shutting down");
                    session.hangUp();
                    return true;
                }
                return false;
            });

            TaskFailure failure = failure(account("none"));

            assertThat(failure.code()).isEqualTo("imap.unreachable");
            assertThat(failure.reason()).contains("shutting down");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
            NO [UNAVAILABLE] later  | imap.serverUnavailable | Transient
            NO [SERVERBUG] oops     | imap.serverUnavailable | Transient
            NO [LIMIT] slow down    | imap.serverBusy        | RetryLater
            NO [OVERQUOTA] bandwidth limit | imap.serverBusy | RetryLater
            NO [THROTTLED] enough   | imap.serverBusy        | RetryLater
            NO whatever             | imap.protocolError     | Transient
            BAD what?               | imap.protocolError     | Transient
            """)
        void thatRefuseARequestSayWhy(String answer, String code, String kind) throws Exception {
            server.refuse("UID SEARCH", answer);
            server.add("Subject: 1\r\n\r\n");

            TaskFailure failure = failure(account("none"));

            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
        }

        @Test
        void thatAskToWaitAreWaitedFor() throws Exception {
            server.refuse("EXAMINE", "NO [OVERQUOTA] bandwidth");

            assertThat(failure(account("none")))
                    .isInstanceOfSatisfying(
                            TaskFailure.RetryLater.class,
                            failure -> assertThat(failure.after()).isEqualTo(Duration.ofMinutes(15)));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "* 1 FETCH (UID 1 RFC822.SIZE 5 INTERNALDATE {1900000000}\r\n",
                    "* 1 FETCH (UID 1 RFC822.SIZE 5 INTERNALDATE {2147483647}\r\n",
                    "* 1 FETCH (UID 1 RFC822.SIZE 5 INTERNALDATE {100000000}\r\n"
                })
        void thatAnnounceMoreThanMemoryHoldsAreNotBelieved(String announcement) throws Exception {
            server.script((command, session) -> {
                if (command.startsWith("UID FETCH")) {
                    session.bytes(announcement.getBytes(StandardCharsets.US_ASCII));
                    return true;
                }
                return false;
            });
            server.add("Subject: 1\r\n\r\n");

            assertThat(failureOfOneAttempt(account("none")).code()).isEqualTo("imap.protocolError");
        }

        @ParameterizedTest
        @ValueSource(strings = {"* OK still here\r\n", "and on and on "})
        void thatNeverStopTalkingAreNotListenedToForever(String chatter) throws Exception {
            server.script((command, session) -> {
                if (command.startsWith("UID SEARCH")) {
                    byte[] bytes = chatter.repeat(10_000).getBytes(StandardCharsets.US_ASCII);
                    try {
                        while (true) {
                            session.bytes(bytes);
                        }
                    } catch (IOException e) {
                        return true;
                    }
                }
                return false;
            });
            server.add("Subject: 1\r\n\r\n");

            assertThat(failureOfOneAttempt(account("none")).code()).isEqualTo("imap.protocolError");
        }
    }

    @Nested
    class Folders {

        @Test
        void thatAreNotThereNameThoseThatAre() throws Exception {
            TaskFailure failure = failure(account("none").config("folder", "archive.2026"));

            assertThat(failure).isInstanceOf(TaskFailure.Misconfigured.class);
            assertThat(failure.code()).isEqualTo("imap.folderNotFound");
            assertThat(failure.reason())
                    .contains("no folder archive.2026")
                    .contains("it has Archive/2026")
                    .doesNotContain("Archive,");
        }

        @Test
        void areNamedInAnyScript() throws Exception {
            server.folder("Entw&APw-rfe", 5);
            server.add("Subject: 1\r\n\r\n");

            assertThat(account("none").config("folder", "Entwürfe").sync().outputs())
                    .singleElement()
                    .satisfies(output -> assertThat(output.externalId()).isEqualTo("Entwürfe:5:1"));
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
            NO [NOPERM] not yours      | imap.folderRefused     | Misconfigured
            NO [NONEXISTENT] not there | imap.protocolError     | Transient
            NO [INUSE] locked          | imap.serverBusy        | RetryLater
            NO whatever                | imap.protocolError     | Transient
            """)
        void thatAreRefusedSayWhy(String answer, String code, String kind) throws Exception {
            assertSaysWhy("EXAMINE", answer, code, kind);
        }

        @ParameterizedTest
        @ValueSource(strings = {"* OK [UIDNEXT 5] next", "* OK [UIDVALIDITY 1] ok\r\n* NO [UIDNOTSTICKY] no"})
        void withoutLastingUidsCannotBeSynced(String answer) throws Exception {
            server.script((command, session) -> {
                if (command.startsWith("EXAMINE")) {
                    session.line(answer);
                    session.tagged("OK done");
                    return true;
                }
                return false;
            });

            assertThat(failure(account("none")).code()).isEqualTo("imap.folderUnsupported");
        }
    }

    @Nested
    class Encryption {

        private final TestCertificate certificate = TestCertificate.forName(NAME);

        @ParameterizedTest
        @ValueSource(strings = {"tls", "starttls"})
        void worksWithACertificateThatIsTrusted(String security) throws Exception {
            secure(security);
            server.add("Subject: 1\r\n\r\n");

            assertThat(account(security)
                            .config("trustedCertificate", certificate.pem())
                            .sync()
                            .outputs())
                    .hasSize(1);
        }

        @Test
        void sendsNoAccessTokenToAServerThatTakesNone() throws Exception {
            secure("tls");

            TaskFailure failure = failure(account("tls")
                    .config("trustedCertificate", certificate.pem())
                    .credentials(Map.of("username", USER, "accessToken", ScriptedImapServer.ACCESS_TOKEN)));

            assertThat(failure.code()).isEqualTo("imap.loginUnsupported");
            assertThat(server.commands()).containsExactly("CAPABILITY");
        }

        @ParameterizedTest
        @ValueSource(strings = {"tls", "starttls"})
        void endsWithACertificateThatIsNotTrusted(String security) throws Exception {
            secure(security);

            TaskFailure failure = failure(account(security));

            assertThat(failure).isInstanceOf(TaskFailure.Misconfigured.class);
            assertThat(failure.code()).isEqualTo("imap.certificateRefused");
            assertThat(failure.reason()).contains("trustedCertificate");
            assertThat(server.commands("AUTHENTICATE")).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"tls", "starttls"})
        void endsWithACertificateForAnotherName(String security) throws Exception {
            secure(security);

            TaskFailure failure = failure(account(security)
                    .config("host", "other.example.test")
                    .host("other.example.test", InetAddress.getLoopbackAddress())
                    .config("trustedCertificate", certificate.pem()));

            assertThat(failure.code()).isEqualTo("imap.certificateRefused");
            assertThat(failure.reason()).contains("other.example.test");
            assertThat(server.commands("AUTHENTICATE")).isEmpty();
        }

        @Test
        void isNotDoneWithoutWhenTheServerOffersNoStarttls() throws Exception {
            TaskFailure failure = failure(account("starttls"));

            assertThat(failure).isInstanceOf(TaskFailure.Misconfigured.class);
            assertThat(failure.code()).isEqualTo("imap.tlsUnavailable");
            assertThat(server.commands()).containsExactly("CAPABILITY");
        }

        @Test
        void isNotDoneWithoutWhenTheServerRefusesStarttls() throws Exception {
            secure("starttls").refuse("STARTTLS", "NO not today");

            assertThat(failure(account("starttls")).code()).isEqualTo("imap.tlsUnavailable");
            assertThat(server.commands()).containsExactly("CAPABILITY", "STARTTLS");
        }

        @Test
        void isNotDoneWithoutWhenTheGreetingSaysWeAreLoggedIn() throws Exception {
            secure("starttls").greeting("* PREAUTH welcome");

            assertThat(failure(account("starttls")).code()).isEqualTo("imap.tlsUnavailable");
            assertThat(server.commands()).containsExactly("CAPABILITY");
        }

        @Test
        void forgetsWhatWasSaidBefore() throws Exception {
            secure("starttls").script((command, session) -> {
                if (command.equals("STARTTLS")) {
                    server.capabilities("IMAP4rev1");
                    session.startTls("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n");
                    return true;
                }
                return false;
            });

            assertThat(account("starttls")
                            .config("trustedCertificate", certificate.pem())
                            .sync()
                            .succeeded())
                    .isTrue();
            assertThat(server.commands()).contains("LOGIN").doesNotContain("AUTHENTICATE PLAIN");
        }

        @Test
        void cannotBeHadOfAServerWithout() throws Exception {
            TaskFailure failure = failure(account("tls"));

            assertThat(failure).isInstanceOf(TaskFailure.Misconfigured.class);
            assertThat(failure.code()).isEqualTo("imap.tlsUnavailable");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "-----BEGIN CERTIFICATE-----",
                    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
                })
        void needsACertificateThatIsOne(String pem) throws Exception {
            assertThat(failure(account("tls").config("trustedCertificate", pem)).code())
                    .isEqualTo("imap.certificateInvalid");
        }

        private ScriptedImapServer secure(String security) throws IOException {
            server.close();
            server = security.equals("tls")
                    ? ScriptedImapServer.secure(Protection.TLS, certificate.server())
                    : ScriptedImapServer.secure(Protection.STARTTLS, certificate.server())
                            .capabilities("IMAP4rev1 STARTTLS AUTH=PLAIN");
            return server;
        }
    }

    private static TaskFailure failure(ConnectedAccount account) throws InterruptedException {
        List<TaskFailure> failures = account.sync().failures();
        assertThat(failures).hasSize(1);
        return failures.getFirst();
    }

    private TaskFailure failureOfOneAttempt(ConnectedAccount account) throws InterruptedException {
        try {
            throw new AssertionError("no failure but " + integration.run(LIST, account.context()));
        } catch (TaskFailure failure) {
            return failure;
        }
    }

    private ConnectedAccount account(String security) {
        return ConnectedAccount.of(integration)
                .config("host", NAME)
                .config("port", server.port())
                .config("security", security)
                .credentials(Map.of("username", USER, "password", PASSWORD))
                .host(NAME, InetAddress.getLoopbackAddress());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
