package io.tributary.integrations.imap;

import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Properties;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.ByteArray;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ConnectionException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.eclipse.angus.mail.util.MailLogger;
import org.jspecify.annotations.Nullable;

/**
 * An IMAP connection that takes no more than {@link #MAX_BYTES} in answer to one command: whatever a server announces
 * or sends, the worker's memory is not its to fill.
 */
final class BoundedProtocol extends IMAPProtocol {

    /**
     * Most memory for all responses to a command, bytes. The largest message downloaded, with room for a wrong size.
     */
    static final int MAX_BYTES = 48 * 1024 * 1024;

    /** Memory of a response without its bytes; counted, so that many tiny responses are bounded too. */
    private static final int RESPONSE_OVERHEAD_BYTES = 512;

    /** The server sent more than {@link #MAX_BYTES}; the connection is of no use any more. */
    static final class TooMuch extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        TooMuch() {
            super("the server answers with more than " + MAX_BYTES + " bytes");
        }
    }

    // Without initializers: the constructor of the superclass reads the greeting, and needs them before they could run.
    private int received;
    private @Nullable ByteArray current;

    BoundedProtocol(String address, int port, Properties properties, boolean tls, MailLogger logger)
            throws IOException, ProtocolException {
        super("imap", address, port, properties, tls, logger);
    }

    @Override
    public synchronized Response[] command(String command, @Nullable Argument arguments) {
        received = 0;
        return super.command(command, arguments);
    }

    /**
     * Logs in with an OAuth2 access token, by XOAUTH2 as
     * <a href="https://developers.google.com/workspace/gmail/imap/xoauth2-protocol">Google</a> and
     * <a href="https://learn.microsoft.com/en-us/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth">Microsoft</a>
     * describe it: the answer goes with the command where the server takes that (SASL-IR, RFC 4959). A server that
     * refuses gives the reason in a challenge, and waits for an empty answer before it refuses.
     *
     * @throws CommandFailedException when the server says no
     */
    void authenticateXoauth2(String username, String accessToken) throws ProtocolException {
        String answer = Base64.getEncoder()
                .encodeToString(("user=" + username + "\1auth=Bearer " + accessToken + "\1\1")
                        .getBytes(StandardCharsets.UTF_8));
        received = 0;
        try {
            boolean answered = hasCapability("SASL-IR");
            String tag = writeCommand("AUTHENTICATE XOAUTH2" + (answered ? " " + answer : ""), null);
            Response response = readResponse();
            while (!response.isBYE()
                    && !(response.isTagged() && response.getTag().equals(tag))) {
                if (response.isContinuation()) {
                    writeLine(answered ? "" : answer);
                    answered = true;
                }
                response = readResponse();
            }
            handleResult(response);
            setCapabilities(response);
        } catch (IOException e) {
            throw new ConnectionException(this, Response.byeResponse(e));
        }
    }

    private void writeLine(String line) throws IOException {
        getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        getOutputStream().flush();
    }

    @Override
    public Response readResponse() throws IOException, ProtocolException {
        Response response = super.readResponse();
        if (current != null) {
            received += current.getBytes().length + RESPONSE_OVERHEAD_BYTES;
        }
        if (received > MAX_BYTES) {
            throw new TooMuch();
        }
        return response;
    }

    @Override
    protected ByteArray getResponseBuffer() {
        var buffer = new BoundedBuffer(MAX_BYTES - received);
        current = buffer;
        return buffer;
    }

    private static final class BoundedBuffer extends ByteArray {
        private static final int FIRST_BYTES = 128;

        private final int limit;

        BoundedBuffer(int limit) {
            super(FIRST_BYTES);
            this.limit = limit;
        }

        @Override
        public void grow(int more) {
            if (getBytes().length + (long) more > limit) {
                throw new TooMuch();
            }
            super.grow(more);
        }
    }
}
