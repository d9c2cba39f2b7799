package io.tributary.integrations.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A self-signed certificate for a name, and its key, made by the JDK's keytool.
 *
 * @param keyStore a PKCS12 file under {@link #KEY_STORE_PASSWORD}
 * @param server what a server presents it with
 * @param pem the certificate, for those who are to trust it
 */
public record TestCertificate(Path keyStore, SSLContext server, String pem) {

    public static final String KEY_STORE_PASSWORD = "changeit";

    private static final Map<String, TestCertificate> MADE = new ConcurrentHashMap<>();

    /** Makes it once a name. */
    public static TestCertificate forName(String name) {
        return MADE.computeIfAbsent(name, key -> make(name));
    }

    private static TestCertificate make(String name) {
        try {
            Path folder = Files.createTempDirectory("certificate");
            Path keyStore = folder.resolve("server.p12");
            folder.toFile().deleteOnExit();
            keyStore.toFile().deleteOnExit();
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "server",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-validity",
                            "2",
                            "-dname",
                            "CN=" + name,
                            "-ext",
                            "san=dns:" + name,
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            KEY_STORE_PASSWORD,
                            "-keystore",
                            keyStore.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException("keytool failed");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(keyStore)) {
                store.load(in, KEY_STORE_PASSWORD.toCharArray());
            }
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, KEY_STORE_PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            String pem = "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder()
                            .encodeToString(store.getCertificate("server").getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
            return new TestCertificate(keyStore, context, pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
