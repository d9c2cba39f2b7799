/**
 * Syncs a folder of any IMAP mailbox (RFC 9051; RFC 3501 servers alike).
 *
 * <p>A message is known by {@code folder:uidvalidity:uid}, which never changes and is never used again (RFC 9051,
 * section 2.3.1.1); its content is its raw source. {@link io.tributary.integrations.imap.ListMessages} finds the UIDs
 * above the one where the last run ended, {@link io.tributary.integrations.imap.DownloadMessages} fetches them in
 * batches. Folders are opened with EXAMINE and bodies read with BODY.PEEK: nothing on the server changes, flags
 * included. When the server gives the folder a new UIDVALIDITY its old UIDs mean nothing any more: all of it is listed
 * again, under new ids.
 */
@NullMarked
package io.tributary.integrations.imap;

import org.jspecify.annotations.NullMarked;
