package io.tributary.scheduler.audit;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.ChangesByGet;
import io.tributary.scheduler.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Adds an audit entry for every request that may change something, whatever its endpoint, so that a new endpoint cannot
 * be forgotten. The entry is stored before the change; without it the change is rejected.
 */
@Configuration(proxyBeanMethods = false)
class AuditChanges implements HandlerInterceptor, WebMvcConfigurer {

    private static final String ENTRY = AuditChanges.class.getName();

    /** Longest target, characters. */
    private static final int MAX_TARGET = 500;

    private static final Logger log = LoggerFactory.getLogger(AuditChanges.class);

    private final AuditLog auditLog;

    AuditChanges(AuditLog auditLog) {
        this.auditLog = auditLog;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method
                && mayChange(request, method)
                && request.getAttribute(ENTRY) == null) {
            Operation operation = method.getMethodAnnotation(Operation.class);
            if (operation != null
                    && SecurityContextHolder.getContext().getAuthentication() instanceof JwtAuthenticationToken token) {
                long entry = auditLog.begin(
                        Caller.of(token),
                        operation.operationId(),
                        shortened(request.getRequestURI()),
                        request.getRemoteAddr());
                request.setAttribute(ENTRY, entry);
                log.info(
                        "audit.changeRequested: a change was requested entry={} action={}",
                        entry,
                        operation.operationId());
            }
        }
        return true;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        if (request.getAttribute(ENTRY) instanceof Long entry) {
            String created = response.getHeader("Location");
            try {
                auditLog.end(entry, response.getStatus(), created == null ? null : shortened(created));
            } catch (DataAccessException e) {
                log.warn("audit.outcomeLost: audit entry has no outcome entry={}", entry, e);
            }
        }
    }

    private static boolean mayChange(HttpServletRequest request, HandlerMethod method) {
        return switch (request.getMethod()) {
            case "GET", "HEAD", "OPTIONS" -> method.hasMethodAnnotation(ChangesByGet.class);
            default -> true;
        };
    }

    private static String shortened(String target) {
        return target.length() <= MAX_TARGET ? target : target.substring(0, MAX_TARGET);
    }
}
