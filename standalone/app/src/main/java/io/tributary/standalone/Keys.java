package io.tributary.standalone;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** The keys of a data folder, made once; losing them means connecting all accounts again. */
public final class Keys {

    private static final int RSA_BITS = 2048;

    private Keys() {}

    /** Makes what is missing; does nothing the second time. */
    public static void createMissing(DataDir dataDir) {
        try {
            createKeyset(dataDir);
            createTokenKeys(dataDir);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot make AES or RSA keys", e);
        }
    }

    /** Reads the private key that tokens are signed with. */
    static PrivateKey tokenKey(DataDir dataDir) throws IOException, GeneralSecurityException {
        String body = Files.readString(dataDir.tokenKey()).replaceAll("-----[A-Z ]+-----", "");
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
    }

    private static void createKeyset(DataDir dataDir) throws GeneralSecurityException {
        if (Files.exists(dataDir.keyset())) {
            return;
        }
        AeadConfig.register();
        var tink = RegistryConfiguration.get();
        var keyset = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, tink);
        dataDir.writePrivately(
                dataDir.keyset(),
                TinkJsonProtoKeysetFormat.serializeKeyset(keyset, tink, InsecureSecretKeyAccess.get()));
    }

    private static void createTokenKeys(DataDir dataDir) throws GeneralSecurityException {
        if (bothExist(dataDir.tokenKey(), dataDir.tokenPublicKey())) {
            return;
        }
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS);
        var pair = generator.generateKeyPair();
        dataDir.writePrivately(
                dataDir.tokenPublicKey(), pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        dataDir.writePrivately(
                dataDir.tokenKey(), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    }

    private static boolean bothExist(Path one, Path other) {
        return Files.exists(one) && Files.exists(other);
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
