/** Integrations one at a time, without Kafka and Postgres: for those who write them. */
@NullMarked
package io.tributary.standalone.integration;

import org.jspecify.annotations.NullMarked;
