package io.tributary.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * A key and a certificate of the servers on this machine, made for one test: who trusts the certificate trusts all of
 * them and nobody else.
 *
 * @param key PEM, the private key; readable by its owner alone
 * @param certificate PEM
 * @param both PEM, one after the other, as Kafka reads them
 */
record ServerCertificate(Path key, Path certificate, Path both) {

    private static final String PASSWORD = "changeit";

    /** Makes them in a folder, for 127.0.0.1 and localhost. */
    static ServerCertificate create(Path folder) throws IOException, InterruptedException {
        Path store = folder.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "RSA",
                        "-validity",
                        "2",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool cannot make a key in " + folder);
        }
        try {
            var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            String key = pem(
                    "PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
            String certificate =
                    pem("CERTIFICATE", keys.getCertificate("server").getEncoded());
            var made = new ServerCertificate(
                    folder.resolve("server.key"), folder.resolve("server.crt"), folder.resolve("server.pem"));
            Files.createFile(
                    made.key(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(made.key(), key);
            Files.writeString(made.certificate(), certificate);
            Files.writeString(made.both(), key + certificate);
            return made;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read " + store, e);
        }
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
