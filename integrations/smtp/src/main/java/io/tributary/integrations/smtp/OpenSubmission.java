package io.tributary.integrations.smtp;

import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.smtp.SmtpConfig.Security;
import io.tributary.integrations.sockets.NamedTlsSockets;
import io.tributary.integrations.sockets.TryAddresses;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens a connection that is logged in. Angus Mail gets only the address, never the name, so that it cannot resolve the
 * name again; {@link NamedTlsSockets} brings the name back for TLS.
 */
record OpenSubmission(SmtpConfig config, TaskContext context, Failures failures) {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** The server may look at the message before it answers. */
    private static final Duration READ_TIMEOUT = Duration.ofMinutes(2);

    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(60);

    /** Off: a trace would hold mail and passwords. Kept here, else the level could be forgotten. */
    private static final Logger SILENT = Logger.getLogger("org.eclipse.angus.mail");

    static {
        SILENT.setLevel(Level.OFF);
    }

    OpenSubmission(SmtpConfig config, TaskContext context) {
        this(config, context, new Failures(config));
    }

    /** @throws TaskFailure as {@link Failures} has them; nothing stays open, and there was no effect */
    Submission open() throws TaskFailure, InterruptedException {
        Credentials credentials = context.credentials();
        String username = credentials.find("username").orElse(null);
        String token = credentials.find("accessToken").orElse(null);
        String secret = username == null ? null : token == null ? credentials.require("password") : token;
        Session session = Session.getInstance(properties(username != null, token != null));
        try {
            return TryAddresses.inOrder(
                    context.resolve(config.host()),
                    failures.connection(),
                    address -> connected(session, address, username, secret));
        } catch (TaskFailure.Transient e) {
            throw e.certainlyWithoutEffect();
        }
    }

    private Submission connected(
            Session session, InetAddress address, @Nullable String username, @Nullable String secret)
            throws TaskFailure, InterruptedException {
        String host = address.getHostAddress();
        var submission = new Submission(
                session, new URLName("smtp", host, config.port(), null, null, null), config.security() == Security.TLS);
        try {
            submission.connect(host, config.port(), username, secret);
            return submission;
        } catch (AuthenticationFailedException e) {
            throw failures.login(e, submission.getLastReturnCode());
        } catch (MessagingException e) {
            if (config.security() == Security.STARTTLS
                    && submission.getLastReturnCode() == 250
                    && !submission.supportsExtension("STARTTLS")) {
                throw failures.tlsUnavailable();
            }
            throw failures.of(e, submission.getLastReturnCode(), false);
        }
    }

    private Properties properties(boolean login, boolean byToken) throws TaskFailure {
        var properties = new Properties();
        properties.put("mail.smtp.connectiontimeout", String.valueOf(CONNECT_TIMEOUT.toMillis()));
        properties.put("mail.smtp.timeout", String.valueOf(READ_TIMEOUT.toMillis()));
        properties.put("mail.smtp.writetimeout", String.valueOf(WRITE_TIMEOUT.toMillis()));
        properties.put("mail.smtp.auth", String.valueOf(login));
        properties.put("mail.smtp.auth.mechanisms", byToken ? "XOAUTH2" : "PLAIN LOGIN");
        properties.put("mail.smtp.ssl.enable", String.valueOf(config.security() == Security.TLS));
        properties.put("mail.smtp.starttls.enable", String.valueOf(config.security() == Security.STARTTLS));
        properties.put("mail.smtp.starttls.required", String.valueOf(config.security() == Security.STARTTLS));
        properties.put("mail.smtp.ssl.socketFactory", tls());
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        // Without this, a failure of our sockets would be tried again with sockets that trust differently.
        properties.put("mail.smtp.socketFactory.fallback", "false");
        properties.put("mail.smtp.quitwait", "false");
        // The name of this machine is nobody's business.
        properties.put("mail.smtp.localhost", "localhost");
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
