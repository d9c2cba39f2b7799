package io.tributary.scheduler.templates;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table notification_template. */
@Component
record TemplateTable(JdbcClient jdbc) {

    private static final String SELECT = "select id, name, default_locale, locales::text as locales, created_at,"
            + " updated_at from notification_template";

    private static final String INSERT = """
        insert into notification_template (id, user_id, org_id, name, default_locale, locales, created_at, updated_at)
        values (:id, :userId, :orgId, :name, :defaultLocale, :locales::jsonb, :now, :now)
        on conflict (user_id, org_id, name) do nothing
        """;

    private static final String REPLACE = """
        update notification_template t
        set name = :name, default_locale = :defaultLocale, locales = :locales::jsonb, updated_at = :now
        where id = :id and %s
          and not exists (select from notification_template o
                           where o.user_id = t.user_id and o.org_id = t.org_id and o.name = :name and o.id <> t.id)
        """;

    private static final String FIND_NAMED =
            SELECT + " where name = :name and user_id = :userId and org_id in (:orgId, :userId)";

    private static final TypeReference<Map<String, Texts>> LOCALES = new TypeReference<>() {};

    /** A checked template. */
    record Checked(String name, String defaultLocale, Map<String, Texts> locales) {}

    /** Inserts a template; false: its owner has one of this name. */
    boolean insert(UUID id, Checked template, Caller owner, Instant now) {
        return jdbc.sql(INSERT)
                        .param("id", id)
                        .param("userId", owner.userId())
                        .param("orgId", owner.orgId())
                        .param("name", template.name())
                        .param("defaultLocale", template.defaultLocale())
                        .param("locales", JsonMapper.shared().writeValueAsString(template.locales()))
                        .param("now", SqlTime.of(now))
                        .update()
                == 1;
    }

    /** Replaces a template; false: its owner has another one of this name. */
    boolean replace(UUID id, Checked template, Caller caller, Instant now) {
        return caller.statement(jdbc, REPLACE, "t.user_id")
                        .param("id", id)
                        .param("name", template.name())
                        .param("defaultLocale", template.defaultLocale())
                        .param("locales", JsonMapper.shared().writeValueAsString(template.locales()))
                        .param("now", SqlTime.of(now))
                        .update()
                == 1;
    }

    Optional<NotificationTemplate> find(UUID id, Caller caller) {
        return caller.statement(jdbc, SELECT + " where id = :id and %s", "user_id")
                .param("id", id)
                .query((row, _) -> template(row))
                .optional();
    }

    /** The caller's own template of a name. */
    Optional<NotificationTemplate> find(String name, Caller caller) {
        return jdbc
                .sql(FIND_NAMED)
                .param("name", name)
                .param("userId", caller.userId())
                .param("orgId", caller.orgId())
                .query((row, _) -> template(row))
                .list()
                .stream()
                .findFirst();
    }

    /** By id. */
    List<NotificationTemplate> list(UUID after, int limit, Caller caller) {
        return caller.statement(jdbc, SELECT + " where id > :after and %s order by id limit :limit", "user_id")
                .param("after", after)
                .param("limit", limit)
                .query((row, _) -> template(row))
                .list();
    }

    /** Deletes a template; returns whether there was one. */
    boolean delete(UUID id, Caller caller) {
        return caller.statement(jdbc, "delete from notification_template where id = :id and %s", "user_id")
                        .param("id", id)
                        .update()
                == 1;
    }

    private static NotificationTemplate template(ResultSet row) throws SQLException {
        return new NotificationTemplate(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("default_locale"),
                JsonMapper.shared().readValue(row.getString("locales"), LOCALES),
                SqlTime.read(row, "created_at"),
                SqlTime.read(row, "updated_at"));
    }
}
