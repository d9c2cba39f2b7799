/** Finds the integrations this worker can run, each in a class loader of its own, and announces their manifests. */
@NullMarked
package io.tributary.worker.plugins;

import org.jspecify.annotations.NullMarked;
