package io.tributary.integrations.ftp;

import io.tributary.integrations.sockets.NamedTlsSockets;
import java.io.BufferedWriter;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;
import org.apache.commons.net.DefaultSocketFactory;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPReply;
import org.apache.commons.net.io.CRLFLineReader;
import org.jspecify.annotations.Nullable;

/**
 * Extends the FTP client of Commons Net by a bound on replies, names as bytes, and TLS whose data connections resume
 * the session of the control connection, as vsftpd ({@code require_ssl_reuse}) and ProFTPD insist on. The JDK resumes a
 * session when the host that TLS gets and the port of the socket are those of before. Therefore the sockets of data
 * connections report the port of the control connection.
 *
 * <p>Data connections go to the address of the control connection, whatever a server answers to PASV: else it could
 * send the worker anywhere (RFC 2577, section 2). EPSV, which names a port only, is asked for first.
 */
final class FtpControl extends FTPClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

    /** Longest answer to a command, characters: the longest are the features of a server. */
    private static final int MAX_REPLY = 64 * 1024;

    private final FtpConfig config;
    private final @Nullable NamedTlsSockets tls;
    private @Nullable BoundedReplies replies;
    /** The control connection below TLS. */
    private @Nullable Socket connected;

    private boolean dataProtected;

    /** @param tls null: no TLS */
    FtpControl(FtpConfig config, @Nullable NamedTlsSockets tls) {
        this.config = config;
        this.tls = tls;
        setControlEncoding(StandardCharsets.ISO_8859_1.name());
        setConnectTimeout(Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
        setDefaultTimeout(Math.toIntExact(READ_TIMEOUT.toMillis()));
        setDataTimeout(READ_TIMEOUT);
        setSocketFactory(new PlainSockets(config.port()));
        setUseEPSVwithIPv4(true);
        setIpAddressFromPasvResponse(false);
    }

    @Override
    protected void _connectAction_() throws IOException {
        _socket_.setSoTimeout(Math.toIntExact(READ_TIMEOUT.toMillis()));
        connected = _socket_;
        if (config.isImplicitTls()) {
            _socket_ = secured(_socket_);
        }
        super._connectAction_(bounded(_socket_));
        enterLocalPassiveMode();
    }

    /**
     * AUTH TLS (RFC 4217, section 4). Replies from before, and replies that came with it in the clear, do not count
     * afterwards.
     *
     * @return whether the server takes it
     */
    boolean upgrade() throws IOException {
        if (!FTPReply.isPositiveCompletion(sendCommand("AUTH", "TLS"))) {
            return false;
        }
        _socket_ = secured(_socket_);
        _input_ = _socket_.getInputStream();
        _output_ = _socket_.getOutputStream();
        _controlInput_ = new CRLFLineReader(bounded(_socket_));
        _controlOutput_ =
                new BufferedWriter(new OutputStreamWriter(_socket_.getOutputStream(), StandardCharsets.ISO_8859_1));
        return true;
    }

    /** PBSZ 0 and PROT P (RFC 4217, section 9): the data connections are protected from now on, or it is refused. */
    boolean protectData() throws IOException {
        dataProtected = FTPReply.isPositiveCompletion(sendCommand("PBSZ", "0"))
                && FTPReply.isPositiveCompletion(sendCommand("PROT", "P"));
        return dataProtected;
    }

    /**
     * Sends a command that is answered on a data connection.
     *
     * @param from the byte to start with
     * @return the data connection; null when the server refuses; the reply has the reason
     */
    @Nullable
    Socket open(String command, @Nullable String argument, long from) throws IOException {
        setRestartOffset(from);
        Socket data = _openDataConnection_(command, argument);
        return data == null || !dataProtected ? data : secured(data);
    }

    /**
     * The address that it is connected to takes part neither in SNI nor in the check of the certificate: the host does.
     */
    private Socket secured(Socket connected) throws IOException {
        if (tls == null) {
            throw new IllegalStateException("there is no TLS for " + config.protocol());
        }
        boolean secured = false;
        try {
            var socket = (SSLSocket) tls.createSocket(connected, config.host(), config.port(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            secured = true;
            return socket;
        } finally {
            if (!secured) {
                connected.close();
            }
        }
    }

    /** @throws IOException when an argument would be more than one command */
    @Override
    public int sendCommand(String command, @Nullable String arguments) throws IOException {
        if (arguments != null && !isSendable(arguments)) {
            throw new IOException("an argument has a line break");
        }
        if (replies != null) {
            replies.startAnew();
        }
        return super.sendCommand(command, arguments);
    }

    /**
     * Acknowledges at once what the server sent so far: many servers send the end of a transfer (226) only when its
     * beginning (150) is acknowledged, which would otherwise take 40 ms for each file.
     */
    @Override
    public int getReply() throws IOException {
        if (connected != null && connected.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK)) {
            connected.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
        }
        return super.getReply();
    }

    /** Whether the server does not know the command that it answered last (RFC 959, section 4.2.2). */
    boolean isNotImplemented() {
        return getReplyCode() >= 500 && getReplyCode() <= 504;
    }

    /** Whether a text fits into a command: there is no way to write a line break in one that servers agree on. */
    static boolean isSendable(String text) {
        return text.indexOf('\r') < 0 && text.indexOf('\n') < 0 && text.indexOf('\0') < 0;
    }

    private Reader bounded(Socket socket) throws IOException {
        replies = new BoundedReplies(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        return replies;
    }

    /** Makes the sockets of both kinds of connections, which all report the same port. */
    private static final class PlainSockets extends DefaultSocketFactory {
        private final int port;

        PlainSockets(int port) {
            this.port = port;
        }

        @Override
        public Socket createSocket() {
            return new Socket() {
                @Override
                public int getPort() {
                    return port;
                }
            };
        }
    }

    private static final class BoundedReplies extends FilterReader {
        private int left = MAX_REPLY;

        BoundedReplies(Reader in) {
            super(in);
        }

        void startAnew() {
            left = MAX_REPLY;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            left -= Math.max(0, read);
            if (left < 0) {
                throw new IOException("the server answers with more than " + MAX_REPLY + " characters");
            }
            return read;
        }
    }
}
