/**
 * Syncs the messages of Slack channels through Slack's Web API (Slack developer docs: methods
 * {@code conversations.list}, {@code conversations.history}, {@code conversations.replies}, {@code auth.test};
 * "Paginating through collections", "Rate limits", "Using the Slack Web API").
 *
 * <p>A message is known by its channel and its {@code ts}, which is text: as a number it would lose digits. Slack
 * cannot be asked for the messages that were edited or the threads that got replies; each run therefore reads the last
 * seven days of a channel again, from its newest known message back, and returns what is new or differs.
 */
@NullMarked
package io.tributary.integrations.slack;

import org.jspecify.annotations.NullMarked;
