package io.tributary.worker.plugins;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.Action;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.worker.codec.Json;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A loaded integration. Thread safe as far as the integration is. */
public final class Plugin {

    private final Integration integration;
    private final Manifest manifest;
    private final boolean connects;
    private final Set<String> actions;
    private final JsonObject configSchema;

    /** @throws RuntimeException of the integration's manifest */
    Plugin(Integration integration) {
        this.integration = integration;
        this.manifest = integration.manifest();
        this.connects = overridesIdentify(integration);
        this.actions = manifest.actions().stream().map(Action::name).collect(Collectors.toUnmodifiableSet());
        this.configSchema = Json.readObject(manifest.configSchema());
    }

    public Manifest manifest() {
        return manifest;
    }

    /** The JSON Schema of a config. */
    public JsonObject configSchema() {
        return configSchema;
    }

    /** Whether the integration can identify its account, that is, overrides the default of the SPI. */
    public boolean connects() {
        return connects;
    }

    /** {@code connect} is the earlier name of {@link Integration#identify}. */
    private static boolean overridesIdentify(Integration integration) {
        return overrides(integration, "identify") || overrides(integration, "connect");
    }

    private static boolean overrides(Integration integration, String method) {
        try {
            return integration.getClass().getMethod(method, TaskContext.class).getDeclaringClass() != Integration.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("the SPI has lost its method", e);
        }
    }

    public Optional<Manifest.TaskType> taskType(String name) {
        return manifest.taskType(name);
    }

    public Optional<Manifest.SyncType> syncType(String name) {
        return manifest.syncType(name);
    }

    /** The names of its actions. */
    public Set<String> actions() {
        return actions;
    }

    public Set<String> taskTypeNames() {
        return manifest.taskTypes().stream().map(Manifest.TaskType::name).collect(Collectors.toSet());
    }

    /**
     * Type of the task that starts a sync type; of the default one, if there is none of that name. Empty: the
     * integration has actions only.
     */
    public Optional<String> initialTask(String syncType) {
        return manifest.syncType(syncType)
                .or(() -> manifest.syncTypes().stream().findFirst())
                .map(Manifest.SyncType::initialTask);
    }

    /** Runs a task. */
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        return inItsClassLoader(() -> integration.run(task, context));
    }

    /** Looks for the effect of an action at the provider. */
    public Optional<TaskResult> lookUp(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        return inItsClassLoader(() -> integration.lookUp(task, context));
    }

    /** Asks the provider who owns the account. */
    public Account identify(TaskContext context) throws TaskFailure, InterruptedException {
        return inItsClassLoader(() -> integration.identify(context));
    }

    private interface Call<T> {
        T call() throws TaskFailure, InterruptedException;
    }

    /** Sets the plugin's class loader as that of the thread, where libraries look for their parts. */
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
