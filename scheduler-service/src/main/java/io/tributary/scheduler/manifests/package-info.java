/** The integrations that the workers announce on the topic integrations. */
@NullMarked
package io.tributary.scheduler.manifests;

import org.jspecify.annotations.NullMarked;
