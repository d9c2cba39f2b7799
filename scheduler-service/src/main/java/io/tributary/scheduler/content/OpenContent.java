package io.tributary.scheduler.content;

import io.tributary.content.ContentKey;
import io.tributary.content.ContentStore;
import io.tributary.content.StoredContent;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.security.Caller;
import jakarta.annotation.PreDestroy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Opens the content of one item that the caller may see, from the database or the object store. */
@Component
class OpenContent {

    private static final Logger log = LoggerFactory.getLogger(OpenContent.class);

    private static final String FIND = """
        select c.user_integration_id, c.content, c.content_ref
        from user_integration_content c join user_integration u on u.id = c.user_integration_id
        where c.id = :id and %s
        """;

    private final JdbcClient jdbc;
    private final @Nullable ContentStore store;

    OpenContent(JdbcClient jdbc, ContentProperties properties) {
        this.jdbc = jdbc;
        this.store = properties.content().open().orElse(null);
    }

    /**
     * The caller closes it.
     *
     * @throws ApiException when there is no such item, it has no content, or the store cannot be used now
     */
    StoredContent open(long id, Caller caller) {
        Kept kept = caller.statement(jdbc, FIND, "u.user_id")
                .param("id", id)
                .query(Kept.class)
                .optional()
                .orElseThrow(ApiException::notFound);
        if (kept.content() != null) {
            byte[] bytes = kept.content().getBytes(StandardCharsets.UTF_8);
            return new StoredContent(bytes.length, new ByteArrayInputStream(bytes));
        }
        return fromStore(id, kept);
    }

    /** The row's reference has only the name: the folder or bucket is a setting of this service. */
    private StoredContent fromStore(long id, Kept kept) {
        ContentKey key = kept.contentRef() == null
                ? null
                : ContentKey.in(kept.contentRef())
                        .filter(found -> found.userIntegrationId().equals(kept.userIntegrationId()))
                        .orElse(null);
        if (key == null) {
            throw problem(HttpStatus.NOT_FOUND, "content.none", "The item has no content.");
        }
        if (store == null) {
            throw problem(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "content.storeUnavailable",
                    "The content is in an object store that is not configured here: set tributary.content as for"
                            + " the workers.");
        }
        try {
            return store.open(key)
                    .orElseThrow(() ->
                            problem(HttpStatus.NOT_FOUND, "content.missing", "The object store no longer has it."));
        } catch (IOException e) {
            log.warn("content.storeUnavailable: cannot open content contentId={}", id, e);
            throw problem(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "content.storeUnavailable",
                    "The object store cannot be used at the moment: try again.");
        }
    }

    @PreDestroy
    void close() {
        if (store != null) {
            store.close();
        }
    }

    private static ApiException problem(HttpStatus status, String code, String detail) {
        return new ApiException(Problem.of(status, code, detail));
    }

    private record Kept(
            UUID userIntegrationId,
            @Nullable String content,
            @Nullable String contentRef) {}
}
