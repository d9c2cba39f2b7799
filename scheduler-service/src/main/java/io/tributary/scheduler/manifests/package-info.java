/** What the workers can run, as they announce it on the topic integrations. */
@NullMarked
package io.tributary.scheduler.manifests;

import org.jspecify.annotations.NullMarked;
