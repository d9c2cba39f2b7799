package io.tributary.scheduler.oauth;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.tributary.scheduler.http.ProblemStatuses;
import io.tributary.scheduler.security.Caller;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.CurrentSecurityContext;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** Connecting accounts by OAuth2. */
@RestController
record OAuthController(BeginAuthorization begin, CompleteAuthorization complete) {

    /** Where providers send browsers back to. */
    static final String CALLBACK = "/oauth/callback";

    private static final String COOKIE = "tributary-authorization";

    /** An account that was connected. */
    record Connected(UUID userIntegrationId) {}

    @Operation(
            operationId = "authorizeUserIntegration",
            summary = "Start to connect an account by OAuth2; returns the URL at which its user consents")
    @PostMapping(path = "/v1/user-integrations/{id}/authorize", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Authorization> authorize(@PathVariable UUID id, Caller caller) {
        URI callback = ServletUriComponentsBuilder.fromCurrentContextPath()
                .path(CALLBACK)
                .build()
                .toUri();
        var begun = begin.begin(id, callback, caller);
        var cookie = ResponseCookie.from(COOKIE, begun.browser())
                .path(CALLBACK)
                .httpOnly(true)
                .secure("https".equals(callback.getScheme()))
                .sameSite("Lax") // The provider's redirect is a navigation from another site.
                .maxAge(BeginAuthorization.LIFETIME)
                .build();
        return ResponseEntity.ok()
                .header(HttpHeaders.SET_COOKIE, cookie.toString())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(begun.authorization());
    }

    @ProblemStatuses({HttpStatus.NOT_FOUND, HttpStatus.CONFLICT, HttpStatus.BAD_GATEWAY})
    @Operation(
            operationId = "completeAuthorization",
            summary =
                    "Receive the response of a provider; needs the token of the user, or the browser, that started it")
    @GetMapping(path = CALLBACK, produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Connected> callback(
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String code,
            @RequestParam(required = false) @Nullable String error,
            @Parameter(hidden = true) @CookieValue(name = COOKIE, required = false) @Nullable String browser,
            @Parameter(hidden = true) @CurrentSecurityContext SecurityContext security) {
        UUID id = complete.complete(state, code, error, Caller.find(security.getAuthentication()), browser);
        return ResponseEntity.ok()
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Referrer-Policy", "no-referrer")
                .body(new Connected(id));
    }
}
