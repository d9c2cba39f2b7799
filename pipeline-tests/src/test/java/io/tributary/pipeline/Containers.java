package io.tributary.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** podman, chosen and configured by {@code deploy/engine} as the scripts have it. */
final class Containers {

    private static final Path HOME = Path.of(System.getProperty("tributary.home"));

    private Containers() {}

    /** Whether podman is installed. */
    static boolean havePodman() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "podman")));
    }

    /** Whether the image of that name is in podman's storage. */
    static boolean haveImage(String name) {
        return run(List.of("image", "exists", name)).code() == 0;
    }

    /**
     * Runs podman.
     *
     * @return what it wrote
     * @throws IllegalStateException with what it wrote when it failed
     */
    static String podman(String... arguments) {
        Ended ended = run(List.of(arguments));
        if (ended.code() != 0) {
            throw new IllegalStateException("podman " + String.join(" ", arguments) + ": " + ended.output());
        }
        return ended.output();
    }

    private record Ended(int code, String output) {}

    private static Ended run(List<String> arguments) {
        var command = new ArrayList<>(List.of("bash", "-c", ". \"$home/deploy/engine\"; \"$engine\" \"$@\"", "podman"));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("home", HOME.toString());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return new Ended(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
