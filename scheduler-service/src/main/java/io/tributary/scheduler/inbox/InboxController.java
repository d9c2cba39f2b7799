package io.tributary.scheduler.inbox;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.inbox.InboxItem.Inbox;
import io.tributary.scheduler.inbox.InboxItem.Marked;
import io.tributary.scheduler.security.Caller;
import java.time.Clock;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The inbox of the caller. */
@RestController
record InboxController(InboxTable table, Clock clock) {

    private static final String PATH = "/v1/inbox";

    @Operation(
            operationId = "getInbox",
            summary = "List the caller's inbox, newest first, with the number of unread items")
    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    Inbox inbox(PageRequest page, Caller caller) {
        page.check();
        var found = table.list(page.afterNumber(Cursor.INBOX, Long.MAX_VALUE), page.rows(), caller);
        var items = page.of(found, Cursor.INBOX, InboxItem::id);
        return new Inbox(items.items(), table.countUnread(caller), items.nextCursor());
    }

    @Operation(operationId = "readInboxItem", summary = "Mark an item of an inbox as read")
    @PostMapping(path = PATH + "/{id}/read")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void read(@PathVariable long id, Caller caller) {
        if (!table.markRead(id, clock.instant(), caller) && !table.exists(id, caller)) {
            throw ApiException.notFound();
        }
    }

    @Operation(
            operationId = "readInbox",
            summary = "Mark the oldest unread items of the caller's inbox as read, up to 1000")
    @PostMapping(path = PATH + ":read", produces = MediaType.APPLICATION_JSON_VALUE)
    Marked readAll(Caller caller) {
        return new Marked(table.markAllRead(clock.instant(), caller));
    }
}
