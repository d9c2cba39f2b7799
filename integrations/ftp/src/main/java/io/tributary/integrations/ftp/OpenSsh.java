package io.tributary.integrations.ftp;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchAlgoNegoFailException;
import com.jcraft.jsch.JSchChangedHostKeyException;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import com.jcraft.jsch.KeyPair;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SocketFactory;
import io.tributary.integrations.api.TaskFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Opens a session of SFTP. The server's key has to be among {@code knownHosts} before anything is sent to it; the rules
 * are those of OpenSSH: {@code [host]:port} or, failing that, {@code host}, hashed names, patterns and {@code @revoked}
 * included, and the types of keys that are known are asked for first.
 *
 * <p>A private key goes before the password. The password of an encrypted key is its passphrase; the server never
 * gets it.
 */
record OpenSsh(Account account, FtpConfig config, Failures failures) {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** For the exchange of keys, the login, and each answer that is to come before the server is held to be gone. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    private static final int DEFAULT_PORT = 22;

    OpenSsh(Account account, Failures failures) {
        this(account, account.config(), failures);
    }

    SftpSession open(InetAddress address) throws TaskFailure, InterruptedException {
        var jsch = new JSch();
        knowHosts(jsch);
        boolean passwordIsPassphrase = addPrivateKey(jsch);
        Session session = null;
        boolean open = false;
        try {
            session = jsch.getSession(account.username(), config.host(), config.port());
            session.setSocketFactory(new ToAddress(address));
            session.setDaemonThread(true);
            session.setConfig("StrictHostKeyChecking", "yes");
            session.setConfig("PreferredAuthentications", "publickey,password,keyboard-interactive");
            session.setConfig("MaxAuthTries", "3");
            session.setServerAliveInterval(Math.toIntExact(READ_TIMEOUT.toMillis()));
            session.setServerAliveCountMax(1);
            if (account.password() != null && !passwordIsPassphrase) {
                session.setPassword(account.password().getBytes(StandardCharsets.UTF_8));
            }
            session.connect(Math.toIntExact(READ_TIMEOUT.toMillis()));
            var channel = (ChannelSftp) session.openChannel("sftp");
            channel.connect(Math.toIntExact(READ_TIMEOUT.toMillis()));
            channel.setFilenameEncoding(StandardCharsets.ISO_8859_1);
            open = true;
            return new SftpSession(session, channel, failures);
        } catch (JSchHostKeyException e) {
            throw hostKeyRefused(jsch, session, e);
        } catch (JSchException | RuntimeException e) {
            throw notOpened(e);
        } finally {
            if (!open && session != null) {
                session.disconnect();
            }
        }
    }

    private void knowHosts(JSch jsch) throws TaskFailure {
        try {
            String lines =
                    config.knownHosts() == null ? "" : config.knownHosts().strip() + "\n";
            jsch.setKnownHosts(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
        } catch (JSchException | RuntimeException e) {
            throw failures.knownHostsInvalid(e);
        }
    }

    /** @return whether the password belongs to the key */
    private boolean addPrivateKey(JSch jsch) throws TaskFailure {
        if (account.privateKey() == null) {
            return false;
        }
        // A key that was copied from a file, or pasted, may have lost its last line break or won carriage returns.
        byte[] key = (account.privateKey().replace("\r", "").strip() + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            KeyPair pair = KeyPair.load(jsch, key, null);
            boolean encrypted = pair.isEncrypted();
            byte[] passphrase = encrypted && account.password() != null
                    ? account.password().getBytes(StandardCharsets.UTF_8)
                    : null;
            if (encrypted && (passphrase == null || !pair.decrypt(passphrase.clone()))) {
                throw failures.privateKeyInvalid(
                        passphrase == null
                                ? "is encrypted, and there is no password"
                                : "is not encrypted with the password");
            }
            jsch.addIdentity("privateKey", key, null, passphrase);
            return encrypted;
        } catch (JSchException | RuntimeException e) {
            // Without its cause: it may quote the key.
            throw failures.privateKeyInvalid("cannot be read");
        }
    }

    private TaskFailure hostKeyRefused(JSch jsch, @Nullable Session session, JSchHostKeyException refusal) {
        HostKey key = session == null ? null : session.getHostKey();
        if (key == null) {
            return failures.sshUnavailable(refusal);
        }
        String fingerprint = key.getFingerPrint(jsch);
        boolean known = refusal instanceof JSchChangedHostKeyException
                || hasKeyOf(jsch, hostAndPort())
                || hasKeyOf(jsch, config.host());
        return known
                ? failures.hostKeyChanged(fingerprint)
                : failures.hostKeyUnknown(fingerprint, hostAndPort() + " " + key.getType() + " " + key.getKey());
    }

    private static boolean hasKeyOf(JSch jsch, String host) {
        HostKey[] keys = jsch.getHostKeyRepository().getHostKey(host, null);
        return keys != null && keys.length > 0;
    }

    private String hostAndPort() {
        return config.port() == DEFAULT_PORT ? config.host() : "[" + config.host() + "]:" + config.port();
    }

    private TaskFailure notOpened(Exception failure) throws InterruptedException {
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith("Auth fail")
                || message.startsWith("Auth cancel")
                || message.contains("Too many authentication")) {
            return failures.authFailed();
        }
        if (failure instanceof JSchAlgoNegoFailException || message.contains("invalid server's version string")) {
            return failures.sshUnavailable(failure);
        }
        if (message.contains("timeout") || message.contains("timed out")) {
            return failures.connectionFailed("does not answer. Check host, port and protocol", failure);
        }
        if (failure instanceof JSchException && failure.getCause() == null) {
            return failures.connectionFailed("closed the connection: " + message.replaceAll("\\p{C}", "?"), failure);
        }
        return failures.broken(failure);
    }

    /** Connects to the address that was checked, whatever host it is asked for. */
    private record ToAddress(InetAddress address) implements SocketFactory {

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            var socket = new Socket();
            boolean connected = false;
            try {
                socket.connect(new InetSocketAddress(address, port), Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
                socket.setTcpNoDelay(true);
                connected = true;
                return socket;
            } finally {
                if (!connected) {
                    socket.close();
                }
            }
        }

        @Override
        public InputStream getInputStream(Socket socket) throws IOException {
            return socket.getInputStream();
        }

        @Override
        public OutputStream getOutputStream(Socket socket) throws IOException {
            return socket.getOutputStream();
        }
    }
}
