package io.tributary.scheduler.api;

import static java.util.Objects.requireNonNull;

import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.security.Caller;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Passes the {@link Caller} and the {@link PageRequest} of a request to every controller method that has such a
 * parameter.
 */
@Configuration(proxyBeanMethods = false)
class PassArguments implements WebMvcConfigurer {

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new Argument<>(Caller.class, _ -> caller()));
        resolvers.add(new Argument<>(PageRequest.class, PageRequest::of));
    }

    private static Caller caller() {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        return requireNonNull(Caller.find(authentication), "the filter chain lets no anonymous request pass");
    }

    private record Argument<T>(Class<T> type, Function<NativeWebRequest, T> read)
            implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == type;
        }

        @Override
        public T resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            return read.apply(request);
        }
    }
}
