package io.tributary.scheduler.security;

import static java.util.Objects.requireNonNull;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/**
 * The caller of a request, and what they may see: users see their own rows, administrators of an organisation its rows,
 * operators all. Every statement about rows of users is made here.
 *
 * <p>Every table with an owner has the organisation of its rows in {@code org_id}. A user sees the rows of the token's
 * organisation, and those from before they had one: then {@code org_id} is the user's id. So a token of one
 * organisation shows nothing of another one, even if both belong to the same user.
 *
 * @param userId the token's subject
 * @param orgId the organisation of the token's claim; without one, the user is an organisation of their own
 * @param role what the token's scopes give
 */
public record Caller(String userId, String orgId, Role role) {

    /** What a caller may see, by the scope of their token. The highest one counts. */
    public enum Role {
        /** Their own rows; no scope. */
        user(null),
        /** All rows of their organisation; scope {@code org-admin}. */
        org_admin("SCOPE_org-admin"),
        /** All rows; scope {@code operator}. */
        operator("SCOPE_operator");

        private final @Nullable String authority;

        Role(@Nullable String authority) {
            this.authority = authority;
        }

        private static Role of(Collection<GrantedAuthority> authorities) {
            var names = authorities.stream().map(GrantedAuthority::getAuthority).collect(Collectors.toSet());
            return Stream.of(operator, org_admin)
                    .filter(role -> names.contains(role.authority))
                    .findFirst()
                    .orElse(user);
        }
    }

    /** Name of the parameter of statements that is the caller's user id. */
    public static final String PARAMETER = "caller";

    /** Name of the parameter of statements that is the caller's organisation. */
    public static final String ORG_PARAMETER = "callerOrg";

    /** Claim that has the organisation, whatever the issuer calls it. */
    static final String ORG_CLAIM = "tributary.org";

    /** The caller with a token. */
    public static Caller of(JwtAuthenticationToken token) {
        String subject = requireNonNull(token.getToken().getSubject(), "the decoder lets no token without it pass");
        String org = requireNonNull(token.getToken().getClaimAsString(ORG_CLAIM), "the decoder adds it");
        return new Caller(subject, org, Role.of(token.getAuthorities()));
    }

    /** The authenticated caller; null: nobody. */
    public static @Nullable Caller find(@Nullable Authentication authentication) {
        return authentication instanceof JwtAuthenticationToken token ? of(token) : null;
    }

    /**
     * A statement for the rows that the caller may see.
     *
     * @param sql has {@code %s} in place of the condition, and may use {@link #parameters}
     * @param owner column of the user, such as {@code i.user_id}; the same table has a column {@code org_id}
     */
    public StatementSpec statement(JdbcClient jdbc, String sql, String owner) {
        return jdbc.sql(sql.formatted(condition(owner))).params(parameters());
    }

    /** The condition on rows with an owner, for a statement with {@link #parameters}. */
    public String condition(String owner) {
        String org = owner.substring(0, owner.lastIndexOf('.') + 1) + "org_id";
        return switch (role) {
            case operator -> "true";
            case org_admin -> org + " = :" + ORG_PARAMETER;
            case user -> "(%s = :%s and %s in (:%s, :%s))".formatted(owner, PARAMETER, org, ORG_PARAMETER, PARAMETER);
        };
    }

    /** The parameters of {@link #condition}: the caller's user id and organisation. */
    public Map<String, String> parameters() {
        return Map.of(PARAMETER, userId, ORG_PARAMETER, orgId);
    }

    /** Whether the caller sees the rows of all users. */
    public boolean operator() {
        return role == Role.operator;
    }

    /**
     * Rejects callers who are no operators.
     *
     * @param action that only operators may do, such as "see the keys"
     */
    public void requireOperator(String action) {
        if (!operator()) {
            throw new ApiException(
                    Problem.of(HttpStatus.FORBIDDEN, "api.forbidden", "Only operators may " + action + "."));
        }
    }

    /** Whether the caller may create rows of that user in that organisation. */
    public boolean mayCreateFor(String user, String org) {
        return operator() || (org.equals(orgId) && (role == Role.org_admin || user.equals(userId)));
    }

    /** Whether the caller administers an organisation: its administrators, the user who is one alone, and operators. */
    public boolean administers(String org) {
        return operator() || (org.equals(orgId) && (role == Role.org_admin || org.equals(userId)));
    }

    /** Whether the caller may see a row of that user in that organisation: the same as {@link #condition}. */
    public boolean mayActFor(String user, String org) {
        return switch (role) {
            case operator -> true;
            case org_admin -> org.equals(orgId);
            case user -> user.equals(userId) && (org.equals(orgId) || org.equals(userId));
        };
    }
}
