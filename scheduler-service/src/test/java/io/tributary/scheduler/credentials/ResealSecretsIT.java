package io.tributary.scheduler.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.tributary.scheduler.maintenance.RunMaintenanceJobs;
import io.tributary.scheduler.testing.Database;
import io.tributary.secrets.Keyset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;

/** Another key seals, while accounts are used and changed. */
class ResealSecretsIT {

    private static final int ACCOUNTS = 450;

    @TempDir
    private Path folder;

    private Path file;
    private KeysetHandle handle;
    private Database database;
    private Keyset keyset;
    private SealCredentials seal;
    private ResealSecrets reseal;
    private List<UUID> accounts;

    @SuppressWarnings("NullAway.Init") // connect() sets it
    ResealSecretsIT() {}

    @BeforeEach
    void connect() throws Exception {
        AeadConfig.register();
        handle = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get());
        file = folder.resolve("keyset.json");
        write();
        keyset = Keyset.of(file);
        seal = new SealCredentials(keyset);
        database = Database.migrated();
        reseal = new ResealSecrets(database.jdbc(), keyset);
        accounts = new ArrayList<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            UUID id = database.integration(null);
            store(id, "secret-" + i);
            accounts.add(id);
        }
    }

    @AfterEach
    void disconnect() {
        database.close();
    }

    @Test
    void sealsEverythingWithTheNewKeySoThatTheOldOneCanBeDisabled() throws Exception {
        String old = keyset.primary().prefix();
        rotate();

        assertThat(stored(accounts.getFirst())).isEqualTo("secret-0"); // readable before, by the old key
        assertThat(reseal.run()).isEqualTo(ACCOUNTS);

        assertThat(reseal.rowsByPrefix())
                .containsExactlyEntriesOf(Map.of(keyset.primary().prefix(), (long) ACCOUNTS))
                .doesNotContainKey(old);
        disableOld();
        for (int i = 0; i < ACCOUNTS; i++) {
            assertThat(stored(accounts.get(i))).isEqualTo("secret-" + i);
        }
        assertThat(reseal.run()).isZero();
    }

    @Test
    void findsSecretsOfOlderKeysByAnIndexAndReadsNoOthers() {
        for (String search : ResealSecrets.searches()) {
            var plan = database.transaction().execute(_ -> {
                database.jdbc().sql("set local enable_seqscan = off").update();
                return database.jdbc()
                        .sql("explain "
                                + search.replace("id > :after", "id > '00000000-0000-0000-0000-000000000000'")
                                        .replace(":after", "'\\x00'")
                                        .replace(":key", "'\\x01'")
                                        .replace(":batch", "200"))
                        .query(String.class)
                        .list();
            });
            assertThat(String.join("\n", Objects.requireNonNull(plan))).containsPattern("(credentials|secret)_key");
        }
    }

    @Test
    void goesOnWhereItWasInterrupted() throws Exception {
        rotate();
        // In the order of Postgres, which is that of the text; Java compares UUIDs as signed numbers.
        UUID stumble = accounts.stream()
                .sorted(Comparator.comparing(UUID::toString))
                .toList()
                .get(ACCOUNTS / 2);
        database.jdbc().sql("""
            create function stumble() returns trigger language plpgsql as
            $$ begin raise exception 'the database went away'; end $$
            """).update();
        database.jdbc()
                .sql("create trigger stumble before update on user_integration for each row" + " when (old.id = '"
                        + stumble + "') execute function stumble()")
                .update();

        assertThatThrownBy(() -> reseal.run()).isInstanceOf(DataAccessException.class);
        database.jdbc().sql("drop trigger stumble on user_integration").update();
        long done = Objects.requireNonNull(
                reseal.rowsByPrefix().get(keyset.primary().prefix()));
        assertThat(done).isBetween(1L, ACCOUNTS - 1L);

        assertThat(reseal.run()).isEqualTo((int) (ACCOUNTS - done));
        disableOld();
        assertThat(stored(stumble)).startsWith("secret-");
    }

    @Test
    void overwritesNothingThatChangesMeanwhile() throws Exception {
        rotate();
        var over = new AtomicBoolean();
        List<UUID> busy = accounts.subList(0, 20);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var changes = threads.submit(() -> {
                int round = 0;
                while (!over.get() || round < 3) {
                    round++;
                    for (UUID id : busy) {
                        store(id, "changed-" + round);
                        // What was written last is what is there, whoever seals again in between.
                        assertThat(stored(id)).isEqualTo("changed-" + round);
                    }
                }
                return round;
            });
            while (reseal.run() > 0) {
                assertThat(stored(accounts.getLast())).isEqualTo("secret-" + (ACCOUNTS - 1));
            }
            over.set(true);
            int rounds = changes.get();
            busy.forEach(id -> assertThat(stored(id)).isEqualTo("changed-" + rounds));
        }
    }

    @Test
    void findsWhatAServiceSealedThatDidNotKnowTheNewKeyYet() throws Exception {
        byte[] late = Objects.requireNonNull(seal.seal(accounts.getFirst(), Map.of("apiKey", "late")));
        rotate();
        reseal.run();

        // A worker that had not read the keyset again stores what it has sealed with the old key.
        database.jdbc()
                .sql("update user_integration set credentials = :sealed where id = :id")
                .param("sealed", late)
                .param("id", accounts.getFirst())
                .update();

        assertThat(stored(accounts.getFirst())).isEqualTo("late");
        assertThat(reseal.run()).isOne();
        disableOld();
        assertThat(stored(accounts.getFirst())).isEqualTo("late");
    }

    @Test
    void looksThroughAllAtTheStartOfAServiceOnlyWhenTheKeyIsNew() throws Exception {
        assertThat(startService().run()).isOne();
        assertThat(startService().run()).isZero();

        rotate();

        assertThat(startService().run()).isOne();
        assertThat(reseal.rowsByPrefix()).containsOnlyKeys(keyset.primary().prefix());
        assertThat(startService().run()).isZero();
    }

    @Test
    void sealsAgainWhenTheKeyChangesWhileItRuns() throws Exception {
        String old = keyset.primary().prefix();
        reseal.runIfKeyIsNew();
        assertThat(reseal.rowsByPrefix()).containsOnlyKeys(old);

        rotate();
        reseal.runIfKeyIsNew();

        assertThat(reseal.rowsByPrefix()).containsOnlyKeys(keyset.primary().prefix());
    }

    private RunMaintenanceJobs startService() {
        var job = new CredentialsConfiguration().sealAgain(new ResealSecrets(database.jdbc(), keyset), keyset);
        return new RunMaintenanceJobs(List.of(job), database.jdbc(), Clock.systemUTC());
    }

    @Test
    void leavesWhatNoKeyOpensAsItIs() throws Exception {
        rotate();
        database.update(
                "update user_integration set credentials = '\\x0102030405060708' where id = :id", accounts.getFirst());

        assertThat(reseal.run()).isEqualTo(ACCOUNTS - 1);
        assertThat(reseal.rowsByPrefix()).containsEntry("0102030405", 1L);
    }

    private void rotate() throws Exception {
        var added = KeysetHandle.newBuilder(handle)
                .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                        .withRandomId()
                        .makePrimary());
        handle = added.build();
        write();
        keyset.reload();
    }

    private void disableOld() throws Exception {
        var builder = KeysetHandle.newBuilder(handle);
        builder.getAt(0).setStatus(KeyStatus.DISABLED);
        handle = builder.build();
        write();
        keyset.reload();
    }

    private void write() throws Exception {
        Files.writeString(
                file,
                TinkJsonProtoKeysetFormat.serializeKeyset(
                        handle, RegistryConfiguration.get(), InsecureSecretKeyAccess.get()));
    }

    private void store(UUID id, String secret) {
        database.jdbc()
                .sql("update user_integration set credentials = :sealed where id = :id")
                .param("sealed", Objects.requireNonNull(seal.seal(id, Map.of("apiKey", secret))))
                .param("id", id)
                .update();
    }

    private String stored(UUID id) {
        byte[] sealed = database.value("select credentials from user_integration where id = :id", id, byte[].class);
        return Objects.requireNonNull(
                seal.open(id, Objects.requireNonNull(sealed)).get("apiKey"));
    }
}
