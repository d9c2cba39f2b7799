package io.tributary.integrations.smtp;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/** A connection to the server that knows whether the server may have taken the message. For one thread. */
final class Submission extends SMTPTransport {

    private boolean ended;

    Submission(Session session, URLName server, boolean tls) {
        super(session, server, "smtp", tls);
    }

    /**
     * Whether the end of the message was sent: before that, the server has taken nothing (RFC 5321, section 4.1.1.4).
     */
    boolean mayHaveTaken() {
        return ended;
    }

    @Override
    protected void finishData() throws IOException, MessagingException {
        ended = true;
        super.finishData();
    }
}
