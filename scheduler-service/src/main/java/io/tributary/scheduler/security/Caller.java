package io.tributary.scheduler.security;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/**
 * Who calls.
 *
 * @param userId the token's subject
 * @param operator whether the token has the scope {@code operator}: sees and touches every user's rows
 */
public record Caller(String userId, boolean operator) {

    /** Authority of a token with the scope {@code operator}. */
    private static final String OPERATOR = "SCOPE_operator";

    /** Name of the parameter of {@link #ownRows}: the caller's user id. */
    public static final String PARAMETER = "caller";

    /** Whose token it is. */
    public static Caller of(JwtAuthenticationToken token) {
        String subject = requireNonNull(token.getToken().getSubject(), "the decoder lets no token without it pass");
        return new Caller(subject, isOperator(token.getAuthorities()));
    }

    /** Who is authenticated; null: nobody. */
    public static @Nullable Caller find(@Nullable Authentication authentication) {
        return authentication instanceof JwtAuthenticationToken token ? of(token) : null;
    }

    /** SQL condition for the rows that the caller may see: everyone's, or those whose {@code column} is the caller. */
    public String ownRows(String column) {
        return operator ? "true" : column + " = :" + PARAMETER;
    }

    /** Whether the caller may act for that user. */
    public boolean mayActFor(String user) {
        return operator || userId.equals(user);
    }

    private static boolean isOperator(Collection<GrantedAuthority> authorities) {
        return authorities.stream().anyMatch(authority -> OPERATOR.equals(authority.getAuthority()));
    }
}
