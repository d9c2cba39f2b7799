package io.tributary.scheduler.incoming;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.security.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables webhook_endpoint and webhook_endpoint_change. */
@Component
record EndpointTable(JdbcClient jdbc) {

    private static final String INSERT = """
        insert into webhook_endpoint (id, user_integration_id, integration_domain, secret, created_at)
        select :id, i.id, :domain, :secret, :now
        from (select :userIntegrationId::uuid as id) wanted
        left join user_integration i on i.id = wanted.id
        where wanted.id is null or i.id is not null
        on conflict (user_integration_id) do nothing
        """;

    private static final String CHANGED = """
        select c.endpoint_id, c.sequence, e.user_integration_id, e.integration_domain, e.secret
        from webhook_endpoint_change c
        left join webhook_endpoint e on e.id = c.endpoint_id
        order by c.sequence
        limit :batch
        """;

    private static final String PUBLISHED = """
        delete from webhook_endpoint_change c
        using unnest(:ids::uuid[], :sequences::bigint[]) as p (id, sequence)
        where c.endpoint_id = p.id and c.sequence = p.sequence
        """;

    /** An endpoint without its secret. */
    record Found(UUID id, String integrationDomain, Instant createdAt) {}

    /**
     * An endpoint that changed.
     *
     * @param sequence of the change
     * @param integrationDomain null: it was deleted
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, and never compared
    record Changed(
            UUID endpointId,
            long sequence,
            @Nullable UUID userIntegrationId,
            @Nullable String integrationDomain,
            byte @Nullable [] secret) {}

    /**
     * Inserts an endpoint.
     *
     * @param userIntegrationId null: of a provider app
     * @return false: the account has one already, or there is no such account
     */
    boolean insert(UUID id, @Nullable UUID userIntegrationId, String domain, byte[] sealedSecret, Instant now) {
        return jdbc.sql(INSERT)
                        .param("id", id)
                        .param("userIntegrationId", userIntegrationId)
                        .param("domain", domain)
                        .param("secret", sealedSecret)
                        .param("now", SqlTime.of(now))
                        .update()
                == 1;
    }

    /** The endpoint of an account that the caller may access. */
    Optional<Found> ofAccount(UUID userIntegrationId, Caller caller) {
        return caller.statement(
                        jdbc,
                        "select e.id, e.integration_domain, e.created_at from webhook_endpoint e"
                                + " join user_integration i on i.id = e.user_integration_id"
                                + " where e.user_integration_id = :id and %s",
                        "i.user_id")
                .param("id", userIntegrationId)
                .query(Found.class)
                .optional();
    }

    /** Deletes the endpoint of an account that the caller may access; returns whether there was one. */
    boolean deleteOfAccount(UUID userIntegrationId, Caller caller) {
        return caller.statement(
                                jdbc,
                                "delete from webhook_endpoint e using user_integration i"
                                        + " where e.user_integration_id = :id and i.id = e.user_integration_id and %s",
                                "i.user_id")
                        .param("id", userIntegrationId)
                        .update()
                == 1;
    }

    /** An endpoint of a provider app. */
    Optional<Found> ofApp(UUID id) {
        return jdbc.sql("select id, integration_domain, created_at from webhook_endpoint"
                        + " where id = :id and user_integration_id is null")
                .param("id", id)
                .query(Found.class)
                .optional();
    }

    /** Deletes an endpoint of a provider app; returns whether there was one. */
    boolean deleteOfApp(UUID id) {
        return jdbc.sql("delete from webhook_endpoint where id = :id and user_integration_id is null")
                        .param("id", id)
                        .update()
                == 1;
    }

    /** Endpoints that are to be published, in the order of their changes. */
    List<Changed> changed(int batch) {
        return jdbc.sql(CHANGED).param("batch", batch).query(Changed.class).list();
    }

    /** Forgets changes that are published; an endpoint that has changed again stays. */
    void published(List<Changed> changes) {
        jdbc.sql(PUBLISHED)
                .param(
                        "ids",
                        changes.stream()
                                .map(change -> change.endpointId().toString())
                                .toArray(String[]::new))
                .param("sequences", changes.stream().map(Changed::sequence).toArray(Long[]::new))
                .update();
    }
}
