package io.tributary.standalone.metrics;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Prometheus' own checks, where they are installed. */
public record Promtool(Path program) {

    /** The program of that name on the path: {@code promtool} or {@code prometheus}. */
    public static Optional<Path> find(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder).resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    public static Optional<Promtool> installed() {
        return find("promtool").map(Promtool::new);
    }

    /** The complaints about a scrape; empty: there are none. */
    public String lint(Scrape scrape) throws IOException, InterruptedException {
        return run(scrape.text(), List.of("check", "metrics"));
    }

    /** Runs a check of files: what it says if it fails. */
    public String check(List<String> arguments) throws IOException, InterruptedException {
        return run("", arguments);
    }

    private String run(String input, List<String> arguments) throws IOException, InterruptedException {
        Path in = Files.createTempFile("promtool", ".txt");
        try {
            Files.writeString(in, input);
            var process = new ProcessBuilder(Stream.concat(Stream.of(program.toString()), arguments.stream())
                            .toList())
                    .redirectInput(in.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? "" : said;
        } finally {
            Files.delete(in);
        }
    }
}
