package io.tributary.pipeline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What a JVM holds on to. */
final class HeapInUse {

    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
    private static final double MEGABYTE = 1024 * 1024;

    private HeapInUse() {}

    /** Megabytes of live objects: their histogram collects the garbage first. The JVM stands still meanwhile. */
    static double megabytesOf(ProcessHandle jvm) {
        String histogram = jcmd(jvm, "GC.class_histogram");
        var total = TOTAL.matcher(histogram);
        if (!total.find()) {
            throw new IllegalStateException("jcmd does not tell the heap of process " + jvm.pid());
        }
        return Long.parseLong(total.group(1)) / MEGABYTE;
    }

    private static String jcmd(ProcessHandle jvm, String command) {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            var process = new ProcessBuilder(program, Long.toString(jvm.pid()), command)
                    .redirectErrorStream(true)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + program, e);
        }
    }
}
