package io.tributary.scheduler.notifications;

import io.tributary.scheduler.accounts.Account;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A checked notification, ready to store.
 *
 * @param channels in the order of the request; empty: the inbox of the recipient
 * @param recipient JSON object as text
 * @param content JSON object as text: subject, text, html and data, where given
 * @param request digest of the request, hexadecimal; null: it has no key
 */
record Draft(
        UUID id,
        List<Account> channels,
        String recipient,
        String content,
        boolean fallback,
        int priority,
        Instant runAt,
        @Nullable String request) {

    /** What stands in place of the domain of a channel where there is none. */
    static final String INBOX = "inbox";
}
