/** Seals the secrets of user integrations. */
@NullMarked
package io.tributary.scheduler.credentials;

import org.jspecify.annotations.NullMarked;
