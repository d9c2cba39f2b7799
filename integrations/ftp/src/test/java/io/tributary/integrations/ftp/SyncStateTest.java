package io.tributary.integrations.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.ftp.RemoteFile.Kind;
import java.time.Instant;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class SyncStateTest {

    private static final FtpConfig CONFIG =
            FtpConfig.of(JsonObject.of("protocol", "ftp").with("host", "files.example.org"));

    @Test
    void knowsFewFilesOneByOne() {
        KnownFiles known = KnownFiles.parse(files("a", 100).each().toString());

        assertThat(known).isInstanceOfSatisfying(KnownFiles.Each.class, each -> {
            assertThat(each.contains(Fingerprints.of(file("a", 7, 0)))).isTrue();
            assertThat(each.contains(Fingerprints.of(file("a", 7, 1)))).isFalse();
        });
    }

    @Test
    void findsTheGroupsOfTheFilesThatChanged() {
        var before = new KnownFiles.Groups(files("a", 10_000).groups(512));
        Fingerprints now = files("a", 10_000);
        now.add("new", 17);

        BitSet changed = ((KnownFiles.Groups) KnownFiles.parse(before.toString())).changed(now);

        assertThat(changed.stream().boxed()).containsExactly(Fingerprints.group("new", 512));
    }

    @Test
    void knowsNothingOfWhatMakesNoSense() {
        assertThat(KnownFiles.parse("")).isEqualTo(KnownFiles.NOTHING);
        assertThat(KnownFiles.parse("=abc")).isEqualTo(KnownFiles.NOTHING);
        assertThat(KnownFiles.parse("!AAAAAAAA")).isEqualTo(KnownFiles.NOTHING);
        assertThat(KnownFiles.parse("~" + "AAAAAAAA".repeat(3))).isEqualTo(KnownFiles.NOTHING);
    }

    /** 1,000 directories of 100 files, and then 10,000 more. */
    @Test
    void staysWithinItsBoundHoweverManyFilesThereAre() {
        JsonObject state = new SyncState(JsonObject.EMPTY).begin(CONFIG, 1, false, files("root", 10));
        int kept = 0;
        for (int directory = 0; directory < 11_000; directory++) {
            RemotePath path = RemotePath.of("/" + directory);
            JsonObject patch = new SyncState(state).keep(1, path, files("f" + directory, 100));
            kept += patch.isEmpty() ? 0 : 1;
            if (directory == 999) {
                assertThat(kept).isEqualTo(1000);
            }
            state = state.patchedWith(patch);
            if (patch.isEmpty()) {
                break;
            }
        }

        assertThat(state.toString().length()).isLessThan(SyncState.MAX_CHARS + SyncState.MAX_DIRECTORY_CHARS);
        assertThat(kept).isGreaterThan(1000);
    }

    @Test
    void forgetsTheGenerationBeforeTheLast() {
        JsonObject state = JsonObject.EMPTY;
        for (int generation = 1; generation < 5; generation++) {
            state = state.patchedWith(new SyncState(state).begin(CONFIG, generation, false, files("a", 3)));
        }

        assertThat(state.object("known").values()).containsOnlyKeys("3", "4");
        assertThat(new SyncState(state).isOf(CONFIG)).isTrue();
    }

    private static Fingerprints files(String name, int count) {
        var files = new Fingerprints();
        for (int i = 0; i < count; i++) {
            files.add(name + i, Fingerprints.of(file(name, i, 0)));
        }
        return files;
    }

    private static RemoteFile file(String name, int number, int size) {
        return new RemoteFile(name + number, Kind.FILE, size, Instant.EPOCH, false);
    }
}
