/** The whole pipeline: real Kafka, Postgres and registry, and the services as processes that can be killed. */
@NullMarked
package io.tributary.pipeline;

import org.jspecify.annotations.NullMarked;
