/**
 * Finds the integrations this worker can run - jars, each in a class loader of its own, and YAML files - and announces
 * their manifests.
 */
@NullMarked
package io.tributary.worker.plugins;

import org.jspecify.annotations.NullMarked;
