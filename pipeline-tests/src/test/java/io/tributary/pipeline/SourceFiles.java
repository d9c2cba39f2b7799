package io.tributary.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The files of main code of this project, as they are in its folder. */
final class SourceFiles {

    static final Path HOME = Path.of(Objects.requireNonNull(System.getProperty("tributary.home")));
    private static final String MAIN = Path.of("src", "main", "java").toString();
    private static final String COMPILED = Path.of("target", "classes").toString();

    private SourceFiles() {}

    /** A file of main code. */
    record Source(String name, String text) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Reads the files of main code.
     *
     * @param folder to search, relative to the project's folder; empty for all
     */
    static Stream<Source> in(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(HOME.resolve(folder))) {
            List<Path> java = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains(MAIN))
                    .toList();
            return java.stream().map(SourceFiles::read).toList().stream();
        }
    }

    /** The folders of the compiled main code of all modules. */
    static List<Path> compiled() throws IOException {
        try (Stream<Path> folders = Files.walk(HOME, 4)) {
            return folders.filter(folder -> folder.endsWith(COMPILED) && Files.isDirectory(folder))
                    .toList();
        }
    }

    private static Source read(Path file) {
        try {
            return new Source(file.getFileName().toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
