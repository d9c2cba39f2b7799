/** Tests of templates. */
@NullMarked
package io.tributary.scheduler.templates;

import org.jspecify.annotations.NullMarked;
