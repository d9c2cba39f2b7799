/** The whole pipeline in one process: the services on an embedded Kafka, Postgres and schema registry. */
@NullMarked
package io.tributary.standalone;

import org.jspecify.annotations.NullMarked;
