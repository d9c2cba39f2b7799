package io.tributary.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a command logs, in a process of its own: logging is set up once a process. */
class LogFileIT {

    @Test
    void isInTheDataFolderAndNotInTheWorkingDirectory(@TempDir Path folder) throws IOException, InterruptedException {
        Path workingDirectory = Files.createDirectory(folder.resolve("elsewhere"));
        Path dataDir = folder.resolve("data");
        Path shop = Files.writeString(folder.resolve("shop.yaml"), """
            domain: shop
            version: 1.0.0
            displayName: Shop
            baseUrl: https://api.shop.example
            streams:
              orders: {request: {path: /orders}, output: {id: id}}
            """);

        Process command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        absoluteClassPath(),
                        Main.class.getName(),
                        "integration",
                        "check",
                        "--data-dir",
                        dataDir.toString(),
                        shop.toString())
                .directory(workingDirectory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();

        assertThat(command.waitFor())
                .as(Files.readString(folder.resolve("output")))
                .isZero();
        assertThat(dataDir.resolve("log/tributary.log")).exists();
        assertThat(workingDirectory).isEmptyDirectory();
    }

    private static String absoluteClassPath() {
        String separator = System.getProperty("path.separator");
        return java.util.Arrays.stream(System.getProperty("java.class.path").split(separator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(java.util.stream.Collectors.joining(separator));
    }
}
