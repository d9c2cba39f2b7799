package io.tributary.integrations.ftp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS that trusts what the JVM trusts, and some certificates beside. Each connection has a context of its own: the context
 * remembers TLS sessions by host and port, and a server that wants the session of the control connection on the data
 * connections does not take one that another login left there.
 */
final class TrustedTls {

    private TrustedTls() {}

    /**
     * @param trustedCertificates in PEM; null: none
     * @throws GeneralSecurityException when they are no certificates
     */
    static SSLContext context(@Nullable String trustedCertificates) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        var trust = trustedCertificates == null ? trustManagers(null) : trusting(trustedCertificates);
        context.init(null, trust.getTrustManagers(), null);
        return context;
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
}
