/**
 * The watchdog: ends runs that nobody works on, checks the health of accounts, and flags accounts that look well and
 * are not.
 */
@NullMarked
package io.tributary.scheduler.watchdog;

import org.jspecify.annotations.NullMarked;
