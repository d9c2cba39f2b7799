package io.tributary.standalone;

import io.tributary.standalone.servers.KafkaServer;
import io.tributary.standalone.servers.PostgresServer;
import io.tributary.standalone.servers.RegistryServer;

/** The embedded servers, up, and the database in them. */
record Servers(KafkaServer kafka, PostgresServer postgres, RegistryServer registry, Database database) {}
