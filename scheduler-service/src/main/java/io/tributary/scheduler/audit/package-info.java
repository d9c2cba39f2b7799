/** The audit log: every change, with its caller, time and address. */
@NullMarked
package io.tributary.scheduler.audit;

import org.jspecify.annotations.NullMarked;
