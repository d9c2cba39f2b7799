/** What the benchmarks let workers do: integrations that ask nobody. They are packed into a plugin of their own. */
@NullMarked
package io.tributary.pipeline.bench.plugin;

import org.jspecify.annotations.NullMarked;
