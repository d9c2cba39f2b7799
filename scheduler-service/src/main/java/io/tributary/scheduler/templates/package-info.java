/** Templates of notifications: texts with variables, by locale. */
@NullMarked
package io.tributary.scheduler.templates;

import org.jspecify.annotations.NullMarked;
