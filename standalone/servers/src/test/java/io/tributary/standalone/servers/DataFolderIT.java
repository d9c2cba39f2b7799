package io.tributary.standalone.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.standalone.servers.ServerFailure.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderIT {

    @TempDir
    Path folder;

    @Test
    void belongsToOneOwnerUntilItIsClosed() {
        try (var first = DataFolder.open(folder, 0)) {
            assertThat(first.path()).isEqualTo(folder.toAbsolutePath());
            assertThatThrownBy(() -> DataFolder.open(folder, 0))
                    .isInstanceOfSatisfying(
                            ServerFailure.class,
                            failure -> assertThat(failure.reason()).isEqualTo(Reason.FOLDER_IN_USE));
        }
        DataFolder.open(folder, 0).close();
    }

    @Test
    void tellsThatTheDiskIsFullBeforeAnythingIsWritten() {
        assertThatThrownBy(() -> DataFolder.open(folder, Long.MAX_VALUE))
                .isInstanceOfSatisfying(
                        ServerFailure.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.DISK_FULL))
                .hasMessageContaining("free some space");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void tellsThatItCannotBeWritten() throws Exception {
        Path file = Files.createFile(folder.resolve("a-file"));
        assertThatThrownBy(() -> DataFolder.open(file.resolve("below"), 0))
                .isInstanceOfSatisfying(
                        ServerFailure.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.START_FAILED))
                .hasMessageContaining("make it writable");
    }
}
