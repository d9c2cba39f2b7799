package io.tributary.pipeline.plugin;

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
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Lists {@link #ITEMS} items and fetches each; {@code how} in the payload says how one of them is poison. */
public final class PoisonIntegration implements Integration {

    /** Items of a run. */
    public static final int ITEMS = 12;

    private static final int POISONED = 5;
    private static final List<byte[]> LEAK = new ArrayList<>();

    @Override
    public Manifest manifest() {
        Limits limits = Limits.DEFAULT
                .withConcurrency(4)
                .withAttempts(2, Duration.ofMillis(10))
                .withTaskTimeout(Duration.ofSeconds(5));
        return Manifest.builder("poison", "1.0", "Poison")
                .limits(limits)
                .syncType("default", "list", Duration.ofMinutes(15))
                .taskTypes(Stream.of(Manifest.TaskType.list("list"), Manifest.TaskType.download("fetch")))
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure {
        String how = task.payload().requireText("how");
        if (task.type().equals("list")) {
            return TaskResult.ofTasks(IntStream.range(0, ITEMS)
                    .mapToObj(number ->
                            new FollowUp("fetch", JsonObject.of("how", how).with("number", number)))
                    .toList());
        }
        long number = task.payload().requireInteger("number");
        if (number == POISONED) {
            take(how);
        }
        String id = how + "-" + number;
        return TaskResult.ofOutputs(List.of(Output.content(id, id, id)));
    }

    private static void take(String how) {
        switch (how) {
            case "healthy" -> {}
            case "exits" -> System.exit(3);
            case "halts" -> Runtime.getRuntime().halt(3);
            case "kills" -> killThisProcess();
            case "leaks" -> leakForever();
            case "spins" -> spinForever();
            case "blocks" -> blockForever();
            default -> throw new IllegalArgumentException(how);
        }
    }

    /** As a crash in native code would. */
    private static void killThisProcess() {
        try {
            new ProcessBuilder(
                            "kill", "-9", Long.toString(ProcessHandle.current().pid()))
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        blockForever();
    }

    private static void leakForever() {
        while (true) {
            LEAK.add(new byte[1024 * 1024]);
        }
    }

    @SuppressWarnings("InfiniteLoop")
    private static void spinForever() {
        while (true) {
            Thread.onSpinWait();
        }
    }

    private static void blockForever() {
        while (true) {
            LockSupport.park(); // An interrupt wakes it, and changes nothing.
            Thread.interrupted();
        }
    }
}
