package io.tributary.standalone.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {

    @TempDir
    private Path folder = Path.of("");

    private Path guard = Path.of("");

    @BeforeEach
    void createProgram() throws IOException {
        guard = Files.createFile(folder.resolve("registry-guard.jar"));
    }

    private ClassArchive archive() {
        return new ClassArchive(guard, folder, null);
    }

    private List<Path> archives() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("classes-"))
                    .toList();
        }
    }

    @Test
    void writesAnArchiveWhereThereIsNoneAndSharesIt() throws IOException {
        ClassArchive first = archive();
        assertThat(first.flags()).containsExactly("-XX:ArchiveClassesAtExit=" + folder.resolve("classes.jsa"));
        Files.createFile(folder.resolve("classes.jsa"));
        first.share();

        assertThat(archives())
                .singleElement()
                .satisfies(shared -> assertThat(archive().flags())
                        .containsExactly("-XX:SharedArchiveFile=" + shared, "-Xshare:auto"));
    }

    @Test
    void prefersTheCacheOfATraining() throws IOException {
        var training = new Training(Files.createDirectory(folder.resolve("of training")));
        var trained = new ClassArchive(guard, folder, training);
        trained.describe(trained.flags(), "a.jar:b.jar");
        Path cache = Path.of(
                Files.readString(folder.resolve("of training/registry.target")).strip());
        Files.createFile(cache);
        Files.createFile(folder.resolve("classes.jsa"));
        archive().share();

        assertThat(archive().flags()).contains("-XX:AOTCache=" + cache).noneMatch(flag -> flag.contains(".jsa"));
    }

    @Test
    void recordsInATrainingWhatACacheIsMadeFrom() throws IOException {
        var training = new Training(Files.createDirectory(folder.resolve("of training")));
        var trained = new ClassArchive(guard, folder, training);
        Path config = training.folder().resolve("registry.config");

        assertThat(trained.flags()).containsExactly("-XX:AOTMode=record", "-XX:AOTConfiguration=" + config);
        trained.describe(List.of("-Xmx256m", "-XX:AOTMode=record", "-XX:AOTConfiguration=" + config), "a.jar:b.jar");

        assertThat(Files.readAllLines(training.folder().resolve("registry.args")))
                .containsExactly(
                        "\"-Xmx256m\"",
                        "\"-XX:AOTConfiguration=" + config + "\"",
                        "\"-XX:AOTMode=create\"",
                        "\"-XX:AOTCache=" + training.folder().resolve("registry.aot") + "\"",
                        "\"-cp\"",
                        "\"a.jar:b.jar\"");
    }

    @Test
    void isOfAnotherNameForAnotherProgram() throws IOException {
        Files.createFile(folder.resolve("classes.jsa"));
        archive().share();
        Path older = archives().getFirst();
        assertThat(guard.toFile().setLastModified(guard.toFile().lastModified() - 10_000))
                .isTrue();

        assertThat(archive().flags()).noneMatch(flag -> flag.contains(Objects.toString(older)));
    }
}
