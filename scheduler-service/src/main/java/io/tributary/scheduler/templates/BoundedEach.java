package io.tributary.scheduler.templates;

import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.Helper;
import com.github.jknack.handlebars.Options;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The helper {@code each}, for lists and maps, with {@code @index}, {@code @key}, {@code @first}, {@code @last} and
 * block parameters. All loops of a template share a number of steps, so nested ones over much data end.
 */
enum BoundedEach implements Helper<Object> {
    INSTANCE;

    static final String NAME = "each";

    /** Key of the context's data: an array whose only element is the number of steps that are left. */
    static final String STEPS = "tributary.steps";

    @Override
    public Object apply(@Nullable Object over, Options options) throws IOException {
        var buffer = options.buffer();
        boolean any = switch (over) {
            case Iterable<?> list -> eachOf(list, options, buffer);
            case Map<?, ?> map -> eachOf(map, options, buffer);
            case null, default -> false;
        };
        if (!any) {
            buffer.append(options.inverse());
        }
        return buffer;
    }

    private static boolean eachOf(Iterable<?> list, Options options, Options.Buffer buffer) throws IOException {
        int index = 0;
        for (Iterator<?> items = list.iterator(); items.hasNext(); index++) {
            Object item = items.next();
            step(item, index, index, index == 0, !items.hasNext(), options, buffer);
        }
        return index > 0;
    }

    private static boolean eachOf(Map<?, ?> map, Options options, Options.Buffer buffer) throws IOException {
        int index = 0;
        for (Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator(); entries.hasNext(); index++) {
            var entry = entries.next();
            step(entry.getValue(), entry.getKey(), index, index == 0, !entries.hasNext(), options, buffer);
        }
        return index > 0;
    }

    private static void step(
            @Nullable Object item,
            Object key,
            int index,
            boolean first,
            boolean last,
            Options options,
            Options.Buffer buffer)
            throws IOException {
        int[] left = options.data(STEPS);
        if (--left[0] < 0) {
            throw new IOException("visits more than " + TemplateEngine.MAX_STEPS + " elements");
        }
        var context = Context.newBuilder(options.context, item)
                .combine("@key", key)
                .combine("@index", index)
                .combine("@first", first ? "first" : "")
                .combine("@last", last ? "last" : "")
                .build();
        buffer.append(options.apply(options.fn, context, java.util.Arrays.asList(item, key)));
    }
}
