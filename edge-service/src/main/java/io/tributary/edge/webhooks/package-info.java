/** Verifies webhooks, answers challenges, and stores what is genuine. */
@NullMarked
package io.tributary.edge.webhooks;

import org.jspecify.annotations.NullMarked;
