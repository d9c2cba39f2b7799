package io.tributary.integrations.imap;

/**
 * A folder as it is when it is opened (RFC 9051, section 6.3.2).
 *
 * @param uidValidity while it stays the same, a UID means the same message; 1 to 2^32 - 1
 * @param lastUid the highest UID in use so far, 0 when there was none yet
 */
record Mailbox(long uidValidity, long lastUid) {}
