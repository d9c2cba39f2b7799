package io.tributary.worker.plugins;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A loaded integration. Thread safe as far as the integration is. */
public final class Plugin {

    private final Integration integration;
    private final Manifest manifest;
    private final boolean connects;
    private final Map<String, Manifest.TaskType> taskTypes;

    /** @throws RuntimeException whatever the integration's manifest throws */
    Plugin(Integration integration) {
        this.integration = integration;
        this.manifest = integration.manifest();
        this.connects = overridesConnect(integration);
        this.taskTypes = manifest.taskTypes().stream()
                .collect(Collectors.toUnmodifiableMap(Manifest.TaskType::name, Function.identity()));
    }

    public Manifest manifest() {
        return manifest;
    }

    /** Whether the integration can say whose account it is connected to; the default of the SPI asks nobody. */
    public boolean connects() {
        return connects;
    }

    private static boolean overridesConnect(Integration integration) {
        try {
            return integration
                            .getClass()
                            .getMethod("connect", TaskContext.class)
                            .getDeclaringClass()
                    != Integration.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("the SPI has lost its method", e);
        }
    }

    public Optional<Manifest.TaskType> taskType(String name) {
        return Optional.ofNullable(taskTypes.get(name));
    }

    public Optional<Manifest.SyncType> syncType(String name) {
        return manifest.syncTypes().stream()
                .filter(type -> type.name().equals(name))
                .findFirst();
    }

    public Set<String> taskTypeNames() {
        return taskTypes.keySet();
    }

    /** Type of the task that starts a sync type; of the default one, where there is none of that name. */
    public String initialTask(String syncType) {
        return manifest.syncTypes().stream()
                .filter(type -> type.name().equals(syncType))
                .findFirst()
                .orElseGet(manifest.syncTypes()::getFirst)
                .initialTask();
    }

    /** Runs a task. */
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        return inItsClassLoader(() -> integration.run(task, context));
    }

    /** Asks the provider whose account it is. */
    public Account connect(TaskContext context) throws TaskFailure, InterruptedException {
        return inItsClassLoader(() -> integration.connect(context));
    }

    private interface Call<T> {
        T call() throws TaskFailure, InterruptedException;
    }

    /** With the plugin's class loader as the thread's: libraries look for their parts there. */
    private <T> T inItsClassLoader(Call<T> call) throws TaskFailure, InterruptedException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(integration.getClass().getClassLoader());
        try {
            return call.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    void close() {
        integration.close();
    }
}
