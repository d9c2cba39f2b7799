/**
 * Syncs a Gmail mailbox through the Gmail API, version 1 (Google for Developers, "Gmail API", REST reference and guides
 * "List Gmail messages", "Synchronize clients with Gmail", "Resolve errors").
 *
 * <p>The first run lists all messages and downloads each. Later runs read the mailbox's history from where the last run
 * left it: what was added or labelled anew is downloaded, what was deleted or thrown away becomes a deletion. When the
 * history no longer goes back that far, or the config has changed, everything is listed again; the ids are the same, so
 * that nothing is stored twice.
 */
@NullMarked
package io.tributary.integrations.gmail;

import org.jspecify.annotations.NullMarked;
