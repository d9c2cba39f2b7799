/**
 * The task engine: a Kafka Streams processor over one durable store of waiting tasks per partition.
 *
 * <p>{@link io.tributary.worker.engine.TaskEngine} is the picture; the other classes are its steps. Only the stream
 * thread touches the store and sends records. Tasks are executed on virtual threads, which hand their outcomes over
 * through a queue and take the next task of the same lane themselves.
 */
@NullMarked
package io.tributary.worker.engine;

import org.jspecify.annotations.NullMarked;
