package io.tributary.pipeline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** The most memory that a process ever had resident. */
final class PeakMemory {

    private static final double KILOBYTES_IN_A_MEGABYTE = 1024;

    private PeakMemory() {}

    /** Megabytes; empty where the system does not say (it is Linux that does). */
    static OptionalDouble megabytesOf(ProcessHandle process) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / KILOBYTES_IN_A_MEGABYTE)
                    .findFirst();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }
}
