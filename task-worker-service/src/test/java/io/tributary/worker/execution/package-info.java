/** What the worker knows and does around a plugin. */
@NullMarked
package io.tributary.worker.execution;

import org.jspecify.annotations.NullMarked;
