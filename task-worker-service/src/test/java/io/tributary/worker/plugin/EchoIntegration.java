package io.tributary.worker.plugin;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.io.IOError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lists {@code count} items and says each; {@code breaks} says how the second breaks: see {@link #say}. With {@code
 * until}, all of them block in native code until there is a file of that name.
 */
public final class EchoIntegration implements Integration {

    @Override
    public Manifest manifest() {
        return Manifest.builder("echo", "1.0", "Echo")
                .limits(Limits.DEFAULT.withAttempts(2, Duration.ofMillis(10)).withTaskTimeout(Duration.ofSeconds(10)))
                .auth(Manifest.Auth.API_KEY)
                .syncType("default", "list", Duration.ofMinutes(15))
                .lists("list")
                .downloads("say")
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure {
        if (task.type().equals("list")) {
            int count = (int) context.config().requireInteger("count");
            return TaskResult.ofTasks(IntStream.range(0, count)
                            .mapToObj(i -> FollowUp.of("say", "number", i))
                            .toList())
                    .withState(JsonObject.of("listed", count));
        }
        return say(task.payload().requireInteger("number"), context);
    }

    @SuppressWarnings("NullAway") // what a plugin in another language may do
    private static TaskResult nothing() {
        return null;
    }

    private static void startProcess() {
        try {
            new ProcessBuilder("env").start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits in native code, which holds on to the thread that carries this one, whoever interrupts. */
    private static void blockUntil(Path file, long number) {
        Linker linker = Linker.nativeLinker();
        MethodHandle usleep = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("usleep"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            Files.writeString(file.resolveSibling("blocks-" + number), "");
            while (!Files.exists(file)) {
                int failed = (int) usleep.invokeExact(50_000);
                if (failed != 0) {
                    throw new IllegalStateException("usleep failed");
                }
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static TaskResult say(long number, TaskContext context) throws TaskFailure {
        context.config().text("until").ifPresent(file -> blockUntil(Path.of(file), number));
        String breaks = context.config().text("breaks").orElse("");
        if (number == 1) {
            switch (breaks) {
                case "runtime" -> throw new IllegalStateException("a foreign message");
                case "linkage" -> throw new NoClassDefFoundError("no/such/Library");
                case "permanent" -> throw new TaskFailure.Permanent("echo.hoarse", "Cannot say that.", null);
                case "followUp" -> {
                    return TaskResult.ofTasks(List.of(FollowUp.of("undeclared", "a", 1)));
                }
                case "null" -> {
                    return nothing();
                }
                case "exit" -> System.exit(3);
                case "halt" -> Runtime.getRuntime().halt(3);
                case "tenMillion" -> {
                    return TaskResult.ofTasks(Collections.nCopies(10_000_000, FollowUp.of("say", "number", 2)));
                }
                case "hugeOutputs" -> {
                    String fiftyMegabytes = "x".repeat(50_000_000);
                    return TaskResult.ofOutputs(List.of(Output.content("huge", "huge", fiftyMegabytes)));
                }
                case "assertion" -> throw new AssertionError("a foreign message");
                case "ioError" -> throw new IOError(new IOException("a foreign message"));
                case "hugeState" -> {
                    return TaskResult.nothing().withState(JsonObject.of("huge", "x".repeat(10_000_000)));
                }
                case "hugeMessage" ->
                    throw new TaskFailure.Permanent("echo.hoarse", "x".repeat(9_000_000), new IOException("foreign"));
                case "hugePayloads" -> {
                    return TaskResult.ofTasks(
                            Collections.nCopies(1_000, FollowUp.of("say", "number", "x".repeat(60_000))));
                }
                case "hugeName" -> {
                    return TaskResult.ofOutputs(List.of(Output.content("huge-name", "x".repeat(9_000_000), "small")));
                }
                case "environment" -> {
                    return TaskResult.ofOutputs(List.of(Output.content("environment", "env", "")
                            .withMetadata(JsonObject.of("size", System.getenv().size())
                                    .with("path", System.getenv("PATH")))));
                }
                case "process" -> startProcess();
                case "memory" -> throw new OutOfMemoryError("simulated");
                case "tooLarge" -> {
                    return TaskResult.ofOutputs(List.of(
                            Output.content("large", "large", "x".repeat(5_000_000)),
                            Output.content("small", "small", "x")));
                }
                default -> {}
            }
        }
        String key = context.credentials().require("apiKey");
        return TaskResult.ofOutputs(List.of(Output.content("item-" + number, "Item " + number, "said " + number)
                .withMetadata(JsonObject.of("keyLength", key.length()))));
    }
}
