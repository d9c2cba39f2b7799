/** User integrations: create, read, change, delete. */
@NullMarked
package io.tributary.scheduler.userintegrations;

import org.jspecify.annotations.NullMarked;
