package io.tributary.standalone.cli;

import io.tributary.standalone.DataDir;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that every command has. */
final class Data {

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "${env:TRIBUTARY_DATA_DIR}",
            description = "where everything is kept")
    private @Nullable Path path;

    DataDir open() {
        return DataDir.at(path != null ? path : Path.of(System.getProperty("tributary.home", "."), ".tributary"));
    }
}
