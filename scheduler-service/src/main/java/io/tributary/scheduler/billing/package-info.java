/**
 * Billing: usage events, plans, and invoices by day or month. Usage is stored once for each id of an event; at the end
 * of a cycle an invoice claims the events that no other invoice has, so each line leads to its events.
 */
@NullMarked
package io.tributary.scheduler.billing;

import org.jspecify.annotations.NullMarked;
