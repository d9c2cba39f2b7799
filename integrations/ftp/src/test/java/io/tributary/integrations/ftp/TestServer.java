package io.tributary.integrations.ftp;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.testkit.TestCertificate;
import io.tributary.integrations.workbench.ConnectedAccount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ftpserver.ConnectionConfigFactory;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.FtpException;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.ssl.SslConfigurationFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/**
 * A real server on a free port of the loopback address, over a folder: Apache FtpServer, or Apache MINA SSHD for sftp.
 */
final class TestServer implements AutoCloseable {

    static final String NAME = "files.example.org";
    static final String USER = "ada";
    static final String PASSWORD = "correct horse";

    static final Instant LONG_AGO = Instant.parse("2026-01-02T03:04:05Z");

    private final Path folder;
    private final String protocol;
    private final int port;
    private final AutoCloseable server;
    private final Map<String, Object> config;
    private final Revocation revocation;

    /** Lets the server refuse the password from now on. */
    private interface Revocation {
        void begin() throws Exception;
    }

    private TestServer(
            Path folder,
            String protocol,
            int port,
            AutoCloseable server,
            Map<String, Object> config,
            Revocation revocation) {
        this.revocation = revocation;
        this.folder = folder;
        this.protocol = protocol;
        this.port = port;
        this.server = server;
        this.config = config;
    }

    static TestServer start(String protocol, Path folder) {
        try {
            return switch (protocol) {
                case "ftp" -> ftp(folder, false);
                case "ftps" -> ftp(folder, true);
                case "sftp" -> sftp(folder, SshSettings.DEFAULT);
                default -> throw new IllegalArgumentException(protocol);
            };
        } catch (FtpException | IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestServer ftp(Path folder, boolean tls) throws FtpException {
        var listener = new ListenerFactory();
        listener.setPort(0);
        listener.setServerAddress("127.0.0.1");
        Map<String, Object> config = Map.of();
        if (tls) {
            TestCertificate certificate = TestCertificate.forName(NAME);
            var ssl = new SslConfigurationFactory();
            ssl.setKeystoreFile(certificate.keyStore().toFile());
            ssl.setKeystorePassword(TestCertificate.KEY_STORE_PASSWORD);
            listener.setSslConfiguration(ssl.createSslConfiguration());
            config = Map.of("trustedCertificate", certificate.pem());
        }
        var user = new BaseUser();
        user.setName(USER);
        user.setPassword(PASSWORD);
        user.setHomeDirectory(folder.toString());
        var factory = new FtpServerFactory();
        factory.getUserManager().save(user);
        var connections = new ConnectionConfigFactory();
        connections.setMaxLogins(0);
        connections.setMaxThreads(16);
        connections.setLoginFailureDelay(1);
        factory.setConnectionConfig(connections.createConnectionConfig());
        var users = factory.getUserManager();
        var started = listener.createListener();
        factory.addListener("default", started);
        FtpServer server = factory.createServer();
        server.start();
        return new TestServer(folder, tls ? "ftps" : "ftp", started.getPort(), server::stop, config, () -> {
            user.setPassword("another one");
            users.save(user);
        });
    }

    /** How a server of SSH differs from the usual one. */
    record SshSettings(KeyPair hostKey, List<String> authorizedKeys) {
        static final SshSettings DEFAULT = new SshSettings(newKey(), List.of());
    }

    static KeyPair newKey() {
        return newKey("EC", 256);
    }

    static KeyPair newRsaKey() {
        return newKey("RSA", 2048);
    }

    private static KeyPair newKey(String algorithm, int bits) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static TestServer sftp(Path folder, SshSettings settings) throws IOException, GeneralSecurityException {
        var server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(settings.hostKey));
        var refusing = new AtomicBoolean();
        server.setPasswordAuthenticator(
                (user, password, session) -> !refusing.get() && user.equals(USER) && password.equals(PASSWORD));
        server.setPublickeyAuthenticator((user, key, session) ->
                user.equals(USER) && settings.authorizedKeys.contains(PublicKeyEntry.toString(key)));
        server.setFileSystemFactory(new VirtualFileSystemFactory(folder));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
        server.start();
        String line =
                "[" + NAME + "]:" + server.getPort() + " " + PublicKeyEntry.toString(settings.hostKey.getPublic());
        return new TestServer(
                folder,
                "sftp",
                server.getPort(),
                () -> server.stop(true),
                Map.of("knownHosts", line),
                () -> refusing.set(true));
    }

    int port() {
        return port;
    }

    /** Refuses the password from now on, to who logs in. */
    void revoke() {
        try {
            revocation.begin();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The config of an account, but for host and port. */
    Map<String, Object> config() {
        var all = new HashMap<>(config);
        all.put("protocol", protocol);
        return all;
    }

    String knownHosts() {
        return String.valueOf(config.get("knownHosts"));
    }

    /** An account on this server, which is known as {@link #NAME}. */
    ConnectedAccount account(Integration integration) {
        ConnectedAccount account = ConnectedAccount.of(integration)
                .host(NAME, InetAddress.getLoopbackAddress())
                .config("protocol", protocol)
                .config("host", NAME)
                .config("port", port)
                .credentials(Map.of("username", USER, "password", PASSWORD));
        config.forEach(account::config);
        return account;
    }

    /** Writes a file with a time long past, so that nothing depends on when the test runs. */
    TestServer file(String path, String content) {
        return file(path, content, LONG_AGO);
    }

    TestServer file(String path, String content, Instant modifiedAt) {
        return file(path, content.getBytes(StandardCharsets.UTF_8), modifiedAt);
    }

    TestServer file(String path, byte[] content, Instant modifiedAt) {
        Path file = folder.resolve(path);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
            Files.setLastModifiedTime(file, FileTime.from(modifiedAt));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    TestServer link(String path, String target) {
        try {
            Files.createSymbolicLink(folder.resolve(path), Path.of(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    @Override
    public void close() throws Exception {
        server.close();
    }
}
