package io.tributary.worker.execution;

import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.JsonObject;

/** What a task needs of its user integration. */
record Account(JsonObject config, Credentials credentials) {}
