package io.tributary.pipeline;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The certificate that a server in this process shows; it can be replaced while the server runs. Thread safe. */
final class ShownCertificate extends X509ExtendedKeyManager {

    private static final String ALIAS = "server";
    private static final String KEY_TYPE = "RSA";

    private record Shown(PrivateKey key, X509Certificate certificate) {}

    private volatile Shown shown;

    ShownCertificate(ServerCertificate certificate) throws IOException {
        shown = read(certificate);
    }

    /** Shows another certificate to new connections. */
    void replace(ServerCertificate certificate) throws IOException {
        shown = read(certificate);
    }

    /** For the server. */
    SSLContext context() throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {this}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("there is no TLS", e);
        }
    }

    private static Shown read(ServerCertificate certificate) throws IOException {
        try {
            String body = Files.readString(certificate.key()).replaceAll("-----[A-Z ]+-----", "");
            var key = KeyFactory.getInstance(KEY_TYPE)
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
            var own = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(certificate.certificate())));
            return new Shown(key, (X509Certificate) own);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use " + certificate.key(), e);
        }
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return keyType.equals(KEY_TYPE) ? new String[] {ALIAS} : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return keyType.equals(KEY_TYPE) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return chooseServerAlias(keyType, issuers, null);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return new X509Certificate[] {shown.certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return shown.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
