package io.tributary.integrations.sockets;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Puts TLS on a socket that is connected to an address, under the server's name: the name goes into SNI and is what the
 * certificate is checked against, whatever host the caller gives. The caller asks for that check.
 *
 * <p>It trusts what the JVM trusts, and further certificates. Each one remembers its own TLS sessions by name and port,
 * so that a login never resumes the session of another one.
 */
public final class NamedTlsSockets extends SSLSocketFactory {

    private final SSLSocketFactory sockets;
    private final String name;

    private NamedTlsSockets(SSLSocketFactory sockets, String name) {
        this.sockets = sockets;
        this.name = name;
    }

    /**
     * @param trustedCertificates in PEM, trusted in addition to those the JVM trusts; null: none
     * @throws GeneralSecurityException when they are no certificates
     */
    public static NamedTlsSockets of(String name, @Nullable String trustedCertificates)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        var trust = trustedCertificates == null ? trustManagers(null) : trusting(trustedCertificates);
        context.init(null, trust.getTrustManagers(), null);
        return new NamedTlsSockets(context.getSocketFactory(), name);
    }

    private static TrustManagerFactory trusting(String trustedCertificates) throws GeneralSecurityException {
        Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                .generateCertificates(
                        new ByteArrayInputStream(trustedCertificates.getBytes(StandardCharsets.US_ASCII)));
        if (certificates.isEmpty()) {
            throw new CertificateException("no certificate in the text");
        }
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("trusted-" + count++, certificate);
            }
            for (X509Certificate certificate : trustedByDefault()) {
                store.setCertificateEntry("default-" + count++, certificate);
            }
            return trustManagers(store);
        } catch (IOException e) {
            throw new GeneralSecurityException("an empty key store cannot be made", e);
        }
    }

    private static X509Certificate[] trustedByDefault() throws GeneralSecurityException {
        for (var manager : trustManagers(null).getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509.getAcceptedIssuers();
            }
        }
        return new X509Certificate[0];
    }

    private static TrustManagerFactory trustManagers(@Nullable KeyStore store) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    @Override
    public Socket createSocket(Socket connected, String host, int port, boolean autoClose) throws IOException {
        return sockets.createSocket(connected, name, port, autoClose);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw unconnected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw unconnected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw unconnected();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw unconnected();
    }

    private static UnsupportedOperationException unconnected() {
        return new UnsupportedOperationException("TLS is put on a connected socket only");
    }
}
