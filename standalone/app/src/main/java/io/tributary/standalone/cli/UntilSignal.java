package io.tributary.standalone.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import sun.misc.Signal;

/**
 * Runs a command so that Ctrl-C, SIGTERM and the end of the terminal interrupt it. The command then stops what it
 * started, in order; shutdown hooks would run all at once. Unfinished work is cut off.
 */
final class UntilSignal {

    private static final Duration PATIENCE = Duration.ofSeconds(25);
    private static final int CUT_OFF = 1;

    private UntilSignal() {}

    /** The command's own result; its failures are the caller's. */
    static int run(Callable<Integer> command) {
        var result = new CompletableFuture<Integer>();
        var thread = Thread.ofPlatform().name("command").start(() -> {
            try {
                result.complete(command.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        for (String signal : List.of("INT", "TERM", "HUP")) {
            Signal.handle(new Signal(signal), _ -> interrupt(thread));
        }
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private static void interrupt(Thread command) {
        command.interrupt();
        Thread.ofPlatform().daemon().name("patience").start(() -> {
            try {
                Thread.sleep(PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(CUT_OFF);
        });
    }
}
