package io.tributary.integrations.imap;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.imap.Account.Secret;
import io.tributary.integrations.imap.ImapConfig.Security;
import io.tributary.integrations.sockets.NamedTlsSockets;
import io.tributary.integrations.sockets.TryAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.util.MailLogger;

/**
 * Opens a connection: connect to one of the server's addresses, make it secure, log in. Angus Mail gets only the
 * address, never the name, so that it cannot resolve the name again; {@link NamedTlsSockets} brings the name back for
 * TLS.
 */
record OpenConnection(Account account, ImapConfig config, Failures failures, ScheduledExecutorService writeTimeouts) {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(60);

    /**
     * Off, also for the protocol's trace below it: it would hold mail. Kept here, else the level could be forgotten.
     */
    private static final Logger SILENT = Logger.getLogger("io.tributary.integrations.imap.angus");

    static {
        SILENT.setLevel(Level.OFF);
    }

    /** @param writeTimeouts where Angus Mail ends writes that take too long */
    OpenConnection(Account account, ScheduledExecutorService writeTimeouts) {
        this(account, account.config(), new Failures(account.config()), writeTimeouts);
    }

    /**
     * Opens a connection that is logged in.
     *
     * @throws InterruptedException when the virtual thread was interrupted; nothing stays open
     */
    ImapConnection open(List<InetAddress> addresses) throws TaskFailure, InterruptedException {
        BoundedProtocol protocol = connect(addresses);
        boolean open = false;
        try {
            secure(protocol);
            logIn(protocol);
            open = true;
            return new ImapConnection(protocol, failures);
        } catch (ProtocolException | RuntimeException e) {
            throw failures.broken(e);
        } finally {
            if (!open) {
                protocol.disconnect();
            }
        }
    }

    private BoundedProtocol connect(List<InetAddress> addresses) throws TaskFailure, InterruptedException {
        Properties properties = properties();
        return TryAddresses.inOrder(addresses, failures.connection(), address -> {
            try {
                return new BoundedProtocol(
                        address.getHostAddress(),
                        config.port(),
                        properties,
                        config.security() == Security.TLS,
                        new MailLogger(SILENT.getName(), "", false, System.out));
            } catch (IOException | ProtocolException | RuntimeException e) {
                throw failures.broken(e);
            }
        });
    }

    /** STARTTLS or nothing: without it no password is sent (RFC 9051, section 11.1). */
    private void secure(BoundedProtocol protocol) throws ProtocolException, TaskFailure {
        if (config.security() != Security.STARTTLS) {
            return;
        }
        if (protocol.isAuthenticated()) {
            // After PREAUTH there is no STARTTLS any more; someone in between may have written that greeting.
            throw failures.tlsUnavailable("greets as if already logged in, without TLS");
        }
        if (!protocol.hasCapability("STARTTLS")) {
            throw failures.tlsUnavailable("does not offer STARTTLS");
        }
        try {
            protocol.startTLS();
        } catch (CommandFailedException e) {
            throw failures.tlsUnavailable("refuses STARTTLS");
        }
        // Answers from before the encryption do not count (RFC 9051, section 6.2.1).
        protocol.capability();
    }

    private void logIn(BoundedProtocol protocol) throws TaskFailure, InterruptedException {
        if (protocol.isAuthenticated()) {
            return;
        }
        try {
            switch (account.secret()) {
                case Secret.Password password -> logIn(protocol, password.value());
                case Secret.AccessToken token -> logInByToken(protocol, token.value());
            }
        } catch (CommandFailedException e) {
            throw failures.loginRejected(e, account.secret());
        } catch (ProtocolException e) {
            throw failures.loginBroken(e);
        }
    }

    private void logIn(BoundedProtocol protocol, String password) throws ProtocolException, TaskFailure {
        if (protocol.hasCapability("AUTH=PLAIN")) {
            protocol.authplain(null, account.username(), password);
        } else if (!protocol.hasCapability("LOGINDISABLED")) {
            protocol.login(account.username(), password);
        } else if (protocol.isSSL()) {
            throw failures.loginUnsupported();
        } else {
            throw failures.tlsRequired();
        }
    }

    private void logInByToken(BoundedProtocol protocol, String accessToken) throws ProtocolException, TaskFailure {
        if (!protocol.hasCapability("AUTH=XOAUTH2")) {
            throw protocol.isSSL() ? failures.tokenUnsupported() : failures.tlsRequired();
        }
        protocol.authenticateXoauth2(account.username(), accessToken);
    }

    private Properties properties() throws TaskFailure {
        var properties = new Properties();
        properties.put("mail.imap.connectiontimeout", Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
        properties.put("mail.imap.timeout", Math.toIntExact(READ_TIMEOUT.toMillis()));
        properties.put("mail.imap.writetimeout", Math.toIntExact(WRITE_TIMEOUT.toMillis()));
        properties.put("mail.imap.executor.writetimeout", writeTimeouts);
        properties.put("mail.imap.ssl.socketFactory", tls());
        properties.put("mail.imap.ssl.checkserveridentity", true);
        // Without this, a failure of our sockets would be tried again with sockets that trust differently.
        properties.put("mail.imap.socketFactory.fallback", false);
        return properties;
    }

    private NamedTlsSockets tls() throws TaskFailure {
        try {
            return NamedTlsSockets.of(config.host(), config.trustedCertificate());
        } catch (GeneralSecurityException e) {
            throw failures.connection().certificateInvalid(e);
        }
    }
}
