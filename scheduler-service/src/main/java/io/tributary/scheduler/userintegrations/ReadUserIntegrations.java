package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.security.Caller;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the user integrations that the caller may see. */
@Component
class ReadUserIntegrations {

    private static final String GET =
            "select " + UserIntegration.COLUMNS + " from user_integration where id = :id and %s";

    private static final String LIST = "select " + UserIntegration.COLUMNS
            + " from user_integration where id > :after and %s order by id limit :limit";

    /** Before the first id. */
    private static final UUID START = new UUID(0, 0);

    private final JdbcClient jdbc;

    ReadUserIntegrations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @throws ApiException when there is no such row */
    UserIntegration get(UUID id, Caller caller) {
        return jdbc.sql(GET.formatted(caller.ownRows("user_id")))
                .param("id", id)
                .param(Caller.PARAMETER, caller.userId())
                .query((row, _) -> UserIntegration.read(row))
                .optional()
                .orElseThrow(ApiException::notFound);
    }

    /** By id, which says nothing of their age. */
    Page<UserIntegration> list(int limit, @Nullable String cursor, Caller caller) {
        Page.checkLimit(limit);
        var found = jdbc.sql(LIST.formatted(caller.ownRows("user_id")))
                .param("after", Cursor.USER_INTEGRATIONS.uuid(cursor, START))
                .param(Caller.PARAMETER, caller.userId())
                .param("limit", limit + 1)
                .query((row, _) -> UserIntegration.read(row))
                .list();
        return Page.of(found, limit, last -> Cursor.USER_INTEGRATIONS.after(last.id()));
    }
}
