package io.tributary.integrations.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.ftp.TestServer.SshSettings;
import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.server.TcpFaultProxy;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Host keys and private keys, against Apache MINA SSHD. */
class SftpIT {

    private static final KeyPair HOST_KEY = TestServer.newKey();
    private static final KeyPair USER_KEY = TestServer.newKey();
    private static final KeyPair RSA_KEY = TestServer.newRsaKey();

    @TempDir
    Path folder;

    private final FtpIntegration integration = new FtpIntegration();
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.sftp(
                folder,
                new SshSettings(
                        HOST_KEY,
                        List.of(
                                PublicKeyEntry.toString(USER_KEY.getPublic()),
                                PublicKeyEntry.toString(RSA_KEY.getPublic()))));
        server.file("a.txt", "x");
    }

    @AfterEach
    void close() throws Exception {
        integration.close();
        server.close();
    }

    @Test
    void refusesAServerWhoseKeyIsNotKnownAndSaysWhichLineIsMissing() throws Exception {
        InMemoryRun run = server.account(integration).config("knownHosts", "").sync();

        assertThat(run.failures())
                .singleElement()
                .isInstanceOf(TaskFailure.Misconfigured.class)
                .satisfies(failure -> {
                    var reason = ((TaskFailure) failure).reason();
                    assertThat(((TaskFailure) failure).code()).isEqualTo("ftp.hostKeyUnknown");
                    assertThat(reason)
                            .contains("SHA256:")
                            .contains(server.knownHosts().strip());
                });
    }

    @Test
    void refusesAServerWhoseKeyIsAnother() throws Exception {
        String other = "[" + TestServer.NAME + "]:" + server.port() + " "
                + PublicKeyEntry.toString(TestServer.newKey().getPublic());

        assertThat(server.account(integration)
                        .config("knownHosts", other)
                        .sync()
                        .failureCodes())
                .containsExactly("ftp.hostKeyChanged");
    }

    @Test
    void refusesAKeyThatWasRevoked() throws Exception {
        String revoked = "@revoked " + server.knownHosts();

        assertThat(server.account(integration)
                        .config("knownHosts", revoked)
                        .sync()
                        .outputs())
                .isEmpty();
    }

    @Test
    void takesALineWithoutThePort() throws Exception {
        String line = "# by hand\n\n" + TestServer.NAME + " " + PublicKeyEntry.toString(HOST_KEY.getPublic());

        assertThat(server.account(integration).config("knownHosts", line).sync().outputs())
                .hasSize(1);
    }

    @Test
    void logsInWithAKeyOfOpenSsh() throws Exception {
        assertThat(syncWith(Map.of("username", TestServer.USER, "privateKey", openSsh(null)))
                        .outputs())
                .hasSize(1);
    }

    @Test
    void logsInWithAKeyInPem() throws Exception {
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(RSA_KEY.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----";

        assertThat(syncWith(Map.of("username", TestServer.USER, "privateKey", pem))
                        .outputs())
                .hasSize(1);
    }

    @Test
    void takesThePasswordForThePassphraseOfTheKey() throws Exception {
        String key = openSsh("pass phrase");

        assertThat(syncWith(Map.of("username", TestServer.USER, "privateKey", key, "password", "pass phrase"))
                        .outputs())
                .hasSize(1);
        assertThat(syncWith(Map.of("username", TestServer.USER, "privateKey", key, "password", "wrong"))
                        .failureCodes())
                .containsExactly("ftp.privateKeyInvalid");
        assertThat(syncWith(Map.of("username", TestServer.USER, "privateKey", key))
                        .failureCodes())
                .containsExactly("ftp.privateKeyInvalid");
    }

    @Test
    void saysThatAKeyIsNone() throws Exception {
        assertThat(syncWith(Map.of("username", TestServer.USER, "privateKey", "hello"))
                        .failures())
                .singleElement()
                .isInstanceOf(TaskFailure.Unauthorized.class);
    }

    private InMemoryRun syncWith(Map<String, String> credentials) throws InterruptedException {
        return server.account(integration).credentials(credentials).sync();
    }

    private static String openSsh(@Nullable String passphrase) throws Exception {
        OpenSSHKeyEncryptionContext encryption = null;
        if (passphrase != null) {
            encryption = new OpenSSHKeyEncryptionContext();
            encryption.setPassword(passphrase);
            encryption.setCipherType("256");
        }
        var key = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(USER_KEY, "test", encryption, key);
        return key.toString(StandardCharsets.UTF_8);
    }

    @Test
    void endsWhenItIsInterruptedInTheMiddleOfAFile() throws Exception {
        try (var proxy = TcpFaultProxy.to(server.port())) {
            server.file("a.txt", new byte[2_000_000], TestServer.LONG_AGO);
            proxy.inject(TcpFaultProxy.Fault.STALL, 500_000);
            var knownHosts = server.knownHosts().replace(":" + server.port() + " ", ":" + proxy.port() + " ");
            var account = server.account(integration)
                    .config("port", proxy.port())
                    .config("knownHosts", knownHosts)
                    .taskTimeout(Duration.ofSeconds(1));

            InMemoryRun run = account.sync();

            assertThat(run.outputs())
                    .singleElement()
                    .satisfies(file -> assertThat(file.content()).hasSize(2_000_000));
            assertThat(run.tasks(DownloadFile.TYPE))
                    .singleElement()
                    .satisfies(task -> assertThat(task.attempt()).isEqualTo(2));
        }
    }
}
