/**
 * The real servers of the embedded default: {@link io.tributary.standalone.servers.KafkaServer Kafka}, {@link
 * io.tributary.standalone.servers.PostgresServer PostgreSQL} and a {@link
 * io.tributary.standalone.servers.RegistryServer schema registry}, all from Maven Central, all on loopback, each with
 * its data in one folder that survives restarts.
 */
@NullMarked
package io.tributary.standalone.servers;

import org.jspecify.annotations.NullMarked;
