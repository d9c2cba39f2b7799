package io.tributary.scheduler.templates;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.Decorator;
import com.github.jknack.handlebars.EscapingStrategy;
import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.Helper;
import com.github.jknack.handlebars.Template;
import com.github.jknack.handlebars.context.MapValueResolver;
import com.github.jknack.handlebars.helper.DefaultHelperRegistry;
import com.github.jknack.handlebars.io.AbstractTemplateLoader;
import com.github.jknack.handlebars.io.TemplateSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Renders Handlebars. A template has the helpers {@code if}, {@code unless}, {@code each}, {@code with} and {@code
 * lookup}, and sees the values of its data only: no partials, files, scripts or Java objects. A variable that the data
 * lacks is an error. Thread safe.
 */
@Component
final class TemplateEngine {

    /** Longest text that a template makes, characters. */
    static final int MAX_OUTPUT = 128 * 1024;

    /** Most elements that all loops of a template visit together. */
    static final int MAX_STEPS = 10_000;

    /** Longest time that a template takes with its data. */
    static final Duration MAX_TIME = Duration.ofSeconds(1);

    /** Bytes that the cache of compiled templates holds, about. */
    private static final int CACHED_BYTES = 64 * 1024 * 1024;

    /** Bytes that a compiled tag takes, about. The largest template still fits into the cache. */
    private static final int TAG_BYTES = 1024;

    private static final Set<String> OF_LIBRARY = Set.of("lookup", DefaultHelperRegistry.HELPER_MISSING);

    private static final Map<String, BoundedBlock> BLOCKS =
            Arrays.stream(BoundedBlock.values()).collect(toUnmodifiableMap(BoundedBlock::helperName, identity()));

    private final Handlebars plain = handlebars(EscapingStrategy.NOOP);
    private final Handlebars html = handlebars(EscapingStrategy.HTML_ENTITY);
    private final Cache<Source, Template> compiled = Caffeine.newBuilder()
            .maximumWeight(CACHED_BYTES)
            .weigher((Source source, Template _) -> weight(source.text()))
            .build();
    private final LongSupplier nanos;

    @Autowired
    TemplateEngine() {
        this(System::nanoTime);
    }

    /** @param nanos elapsed time, nanoseconds from any origin */
    TemplateEngine(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * The text of a template.
     *
     * @param html whether values are escaped for HTML; otherwise they stay as they are
     */
    record Source(String text, boolean html) {}

    /** A template that cannot be used with the data, or at all; the message says where and why. */
    static final class Unusable extends Exception {

        private static final long serialVersionUID = 1L;

        /** The variable or helper that the data lacks; null: something else. */
        private final @Nullable String missing;

        Unusable(String message) {
            this(message, null, null);
        }

        private Unusable(String message, @Nullable String missing, @Nullable Throwable cause) {
            super(message, cause);
            this.missing = missing;
        }

        @Nullable
        String missing() {
            return missing;
        }
    }

    private static final class Missing extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private Missing(String name) {
            super(name);
        }
    }

    /** Checks that a template compiles. */
    void check(Source source) throws Unusable {
        compile(source);
    }

    /**
     * Renders a template.
     *
     * @param data values by name: texts, numbers, truth values, lists and maps
     */
    String render(Source source, Map<String, @Nullable Object> data) throws Unusable {
        Template template = compile(source);
        var context =
                Context.newBuilder(data).resolver(MapValueResolver.INSTANCE).build();
        var rendering = new Rendering(nanos);
        context.data(Rendering.KEY, rendering);
        try {
            template.apply(context, rendering);
            return rendering.toString();
        } catch (RuntimeException | IOException e) { // whatever the library throws, the template is the cause
            throw unusable(e);
        } catch (StackOverflowError e) {
            throw new Unusable("is nested too deeply", null, e);
        }
    }

    private Template compile(Source source) throws Unusable {
        Template known = compiled.getIfPresent(source);
        if (known != null) {
            return known;
        }
        PathLengths.check(source.text());
        try {
            Template template = (source.html() ? html : plain).compileInline(source.text());
            compiled.put(source, template);
            return template;
        } catch (RuntimeException | IOException e) { // whatever the library throws, the template is the cause
            throw unusable(e);
        } catch (StackOverflowError e) {
            throw new Unusable("is nested too deeply", null, e);
        }
    }

    private static int weight(String text) {
        int tags = 1;
        for (int at = text.indexOf("{{"); at >= 0; at = text.indexOf("{{", at + 2)) {
            tags++;
        }
        return 4 * text.length() + TAG_BYTES * tags;
    }

    private static Unusable unusable(Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Missing missing) {
            return new Unusable("lacks " + missing.getMessage(), missing.getMessage(), e);
        }
        String message = String.valueOf(cause.getMessage());
        // The first line says where, without the name that compileInline() makes up: inline@1a2b:1:6: found: ...
        return new Unusable(message.lines().findFirst().orElse("").replaceFirst("^inline@\\w+:", "at "), null, e);
    }

    private static Handlebars handlebars(EscapingStrategy escaping) {
        var registry = new DefaultHelperRegistry() {
            @Override
            @SuppressWarnings("unchecked")
            public <C> @Nullable Helper<C> helper(String name) {
                BoundedBlock block = BLOCKS.get(name);
                if (block != null) {
                    return (Helper<C>) block;
                }
                return OF_LIBRARY.contains(name) ? super.helper(name) : null;
            }

            @Override
            public Decorator decorator(String name) {
                throw new IllegalArgumentException("decorators such as " + name + " are not supported");
            }
        };
        var handlebars = new Handlebars(new NoPartials()).with(registry).with(escaping);
        handlebars.registerHelperMissing((_, options) -> {
            throw new Missing(options.helperName);
        });
        return handlebars;
    }

    private static final class NoPartials extends AbstractTemplateLoader {

        @Override
        public TemplateSource sourceAt(String location) throws IOException {
            throw new FileNotFoundException("partials such as " + location + " are not supported");
        }
    }
}
