/** Tests of what leaves the worker. */
@org.jspecify.annotations.NullMarked
package io.tributary.worker.codec;
