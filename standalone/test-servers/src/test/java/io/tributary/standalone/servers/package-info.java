/**
 * Servers for tests: {@link io.tributary.standalone.servers.TestServers} shares one set of Kafka, PostgreSQL and
 * registry among the tests of a JVM; brokers in processes of their own can be killed; an S3-compatible store.
 */
@NullMarked
package io.tributary.standalone.servers;

import org.jspecify.annotations.NullMarked;
