package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.util.List;

/** An integration as if one of its sync types were the only one. */
record OneSyncType(Integration integration, String syncType) implements Integration {

    @Override
    public Manifest manifest() {
        Manifest all = integration.manifest();
        Manifest.SyncType only = all.syncType(syncType)
                .orElseThrow(() -> new IllegalArgumentException("the manifest has no sync type " + syncType));
        return new Manifest(
                all.domain(),
                all.version(),
                all.displayName(),
                all.auth(),
                all.configSchema(),
                List.of(only),
                all.taskTypes(),
                all.limits(),
                all.oauth2());
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        return integration.run(task, context);
    }

    @Override
    public Account identify(TaskContext context) throws TaskFailure, InterruptedException {
        return integration.identify(context);
    }

    @Override
    public void close() {
        integration.close();
    }
}
