package io.tributary.standalone.servers;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Runs another main class, and ends the JVM when standard input closes: the parent holds the other end of that pipe,
 * and loses it however it ends, by kill -9 too. Usage: {@code EndWithParent <main class> <arguments>}.
 *
 * <p>Uses nothing but the JDK and itself, since it is put on the class path of programs that are not ours.
 */
public final class EndWithParent {

    /** How long shutdown hooks may take, milliseconds; then the JVM is halted. */
    private static final long PATIENCE_MILLIS = 10_000;

    private EndWithParent() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        Thread.ofPlatform().name("end-with-parent").daemon().start(() -> {
            awaitEnd(System.in);
            Thread.ofPlatform().daemon().start(EndWithParent::haltLater);
            Runtime.getRuntime().exit(0);
        });
        Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object)
                Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    private static void awaitEnd(InputStream pipe) {
        try {
            while (pipe.read() >= 0) {
                // the parent never writes; only the end of the stream counts
            }
        } catch (IOException e) {
            // A broken pipe means the same as a closed one: the parent is gone.
        }
    }

    private static void haltLater() {
        try {
            Thread.sleep(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }
}
