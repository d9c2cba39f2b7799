package io.tributary.integrations.ftp;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.sockets.NamedTlsSockets;
import io.tributary.integrations.sockets.TryAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.util.List;
import org.apache.commons.net.ftp.FTPConnectionClosedException;
import org.apache.commons.net.ftp.FTPReply;
import org.jspecify.annotations.Nullable;

/**
 * Opens a session: connect to one of the server's addresses, make sure that it is the server and that nobody listens,
 * log in.
 */
record OpenSession(Account account, FtpConfig config, Failures failures) {

    OpenSession(Account account) {
        this(account, account.config(), new Failures(account.config()));
    }

    /**
     * Opens a session that is logged in.
     *
     * @throws InterruptedException when the virtual thread was interrupted; nothing stays open
     */
    RemoteSession open(List<InetAddress> addresses) throws TaskFailure, InterruptedException {
        return TryAddresses.inOrder(addresses, failures.connection(), address -> switch (config.protocol()) {
            case FTP, FTPS -> openFtp(address);
            case SFTP -> new OpenSsh(account, failures).open(address);
        });
    }

    private FtpSession openFtp(InetAddress address) throws TaskFailure, InterruptedException {
        var ftp = new FtpControl(config, tls());
        var session = new FtpSession(ftp, failures);
        boolean open = false;
        try {
            ftp.connect(address, config.port());
            if (!FTPReply.isPositiveCompletion(ftp.getReplyCode())) {
                throw failures.loginRejected(ftp.getReplyCode(), ftp.getReplyString());
            }
            secure(ftp);
            logIn(ftp);
            session.begin();
            open = true;
            return session;
        } catch (FTPConnectionClosedException e) {
            throw ftp.getReplyCode() == FTPReply.SERVICE_NOT_AVAILABLE ? failures.busy() : failures.broken(e);
        } catch (IOException | RuntimeException e) {
            throw failures.broken(e);
        } finally {
            if (!open) {
                session.disconnect();
            }
        }
    }

    private @Nullable NamedTlsSockets tls() throws TaskFailure {
        if (config.protocol() != FtpConfig.Protocol.FTPS) {
            return null;
        }
        try {
            return NamedTlsSockets.of(config.host(), config.trustedCertificate());
        } catch (GeneralSecurityException e) {
            throw failures.connection().certificateInvalid(e);
        }
    }

    /** TLS or nothing: without it no password is sent, and no file asked for. */
    private void secure(FtpControl ftp) throws IOException, TaskFailure {
        if (config.protocol() != FtpConfig.Protocol.FTPS) {
            return;
        }
        if (!config.isImplicitTls() && !ftp.upgrade()) {
            throw failures.tlsUnavailable("refuses AUTH TLS");
        }
        if (!ftp.protectData()) {
            throw failures.tlsUnavailable("does not protect what it transfers");
        }
    }

    private void logIn(FtpControl ftp) throws IOException, TaskFailure {
        String username = RemotePath.wireOf(account.username());
        String password = RemotePath.wireOf(account.password() == null ? "" : account.password());
        if (!FtpControl.isSendable(username) || !FtpControl.isSendable(password)) {
            throw failures.authFailed();
        }
        int code = ftp.sendCommand("USER", username);
        if (FTPReply.isPositiveIntermediate(code)) {
            code = ftp.sendCommand("PASS", password);
        }
        if (!FTPReply.isPositiveCompletion(code)) {
            throw failures.loginRejected(code, ftp.getReplyString());
        }
    }
}
