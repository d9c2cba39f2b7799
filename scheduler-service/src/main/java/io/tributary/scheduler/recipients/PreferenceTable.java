package io.tributary.scheduler.recipients;

import io.tributary.scheduler.SqlTime;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The table notification_preference. */
@Component
public record PreferenceTable(JdbcClient jdbc) {

    private static final String FIND = """
        select preference::text from notification_preference where org_id = :orgId and user_id = :userId
        """;

    private static final String SET = """
        insert into notification_preference (org_id, user_id, preference, updated_at)
        values (:orgId, :userId, :preference::jsonb, :now)
        on conflict (org_id, user_id) do update
          set preference = excluded.preference, updated_at = excluded.updated_at
        """;

    private static final String OF_ALL = """
        select p.org_id, p.user_id, p.preference::text as preference
        from unnest(:orgs::text[], :users::text[]) as wanted (org_id, user_id)
        join notification_preference p on p.org_id = wanted.org_id and p.user_id = wanted.user_id
        """;

    /** A user as a recipient of the notifications of an organisation. */
    public record Of(String orgId, String userId) {}

    Optional<Preference> find(Of recipient) {
        return jdbc.sql(FIND)
                .param("orgId", recipient.orgId())
                .param("userId", recipient.userId())
                .query(String.class)
                .optional()
                .map(PreferenceTable::read);
    }

    void set(Of recipient, Preference preference, Instant now) {
        jdbc.sql(SET)
                .param("orgId", recipient.orgId())
                .param("userId", recipient.userId())
                .param("preference", JsonMapper.shared().writeValueAsString(preference))
                .param("now", SqlTime.of(now))
                .update();
    }

    /** The preferences of those recipients who have set some. */
    public Map<Of, Preference> of(Collection<Of> recipients) {
        Map<Of, Preference> found = new HashMap<>();
        jdbc.sql(OF_ALL)
                .param("orgs", recipients.stream().map(Of::orgId).toArray(String[]::new))
                .param("users", recipients.stream().map(Of::userId).toArray(String[]::new))
                .query(row -> {
                    found.put(
                            new Of(row.getString("org_id"), row.getString("user_id")),
                            read(row.getString("preference")));
                });
        return found;
    }

    private static Preference read(String json) {
        return JsonMapper.shared().readValue(json, Preference.class);
    }
}
