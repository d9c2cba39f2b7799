/** The audit log: who changed what, when, from where. */
@NullMarked
package io.tributary.scheduler.audit;

import org.jspecify.annotations.NullMarked;
