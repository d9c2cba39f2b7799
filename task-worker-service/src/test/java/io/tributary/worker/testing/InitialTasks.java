package io.tributary.worker.testing;

import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.time.Instant;
import java.util.UUID;

/** Tasks as the scheduler sends them. */
public final class InitialTasks {

    private InitialTasks() {}

    /** The first task of a new run. */
    public static Task of(UUID account, String domain, String type) {
        UUID run = UUID.randomUUID();
        return Task.newBuilder()
                .setTaskId(run)
                .setRunId(run)
                .setUserIntegrationId(account)
                .setUserId("user")
                .setDomain(domain)
                .setType(type)
                .setPayload("{}")
                .setOptions("{}")
                .setTrigger(Trigger.manual)
                .setCreatedAt(Instant.EPOCH)
                .build();
    }
}
