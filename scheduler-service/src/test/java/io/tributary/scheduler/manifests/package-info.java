@NullMarked
package io.tributary.scheduler.manifests;

import org.jspecify.annotations.NullMarked;
