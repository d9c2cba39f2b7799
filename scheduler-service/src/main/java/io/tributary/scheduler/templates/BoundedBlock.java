package io.tributary.scheduler.templates;

import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.Helper;
import com.github.jknack.handlebars.Options;
import com.github.jknack.handlebars.Template;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of templates. Those of the library make a text of each body before they write it, so nested ones would
 * need any amount of memory; these write to the {@link Rendering}, which is bounded. Sections such as
 * {@code {{#lines}}} use them, too.
 */
enum BoundedBlock implements Helper<Object> {
    IF("if") {
        @Override
        void write(@Nullable Object value, Options options, Rendering rendering) throws IOException {
            Template chosen = options.isFalsy(value) ? options.inverse : options.fn;
            chosen.apply(options.context, rendering);
        }
    },

    UNLESS("unless") {
        @Override
        void write(@Nullable Object value, Options options, Rendering rendering) throws IOException {
            Template chosen = options.isFalsy(value) ? options.fn : options.inverse;
            chosen.apply(options.context, rendering);
        }
    },

    WITH("with") {
        @Override
        void write(@Nullable Object value, Options options, Rendering rendering) throws IOException {
            if (options.isFalsy(value)) {
                options.inverse.apply(options.context, rendering);
            } else {
                var context = options.wrap(value);
                body(context, Arrays.asList(context.model()), options, rendering);
            }
        }
    },

    /** For lists and maps, with {@code @index}, {@code @key}, {@code @first}, {@code @last} and block parameters. */
    EACH("each") {
        @Override
        void write(@Nullable Object value, Options options, Rendering rendering) throws IOException {
            boolean any = switch (value) {
                case Iterable<?> list -> eachOf(list, options, rendering);
                case Map<?, ?> map -> eachOf(map, options, rendering);
                case null, default -> false;
            };
            if (!any) {
                options.inverse.apply(options.context, rendering);
            }
        }
    };

    private final String helperName;

    BoundedBlock(String helperName) {
        this.helperName = helperName;
    }

    /** What templates call it. */
    String helperName() {
        return helperName;
    }

    @Override
    public Object apply(@Nullable Object value, Options options) throws IOException {
        if (options.tagType.inline()) {
            throw new IOException("uses " + helperName + " without a block");
        }
        var rendering = Rendering.of(options);
        rendering.checkTime();
        write(value, options, rendering);
        return "";
    }

    abstract void write(@Nullable Object value, Options options, Rendering rendering) throws IOException;

    private static boolean eachOf(Iterable<?> list, Options options, Rendering rendering) throws IOException {
        int index = 0;
        for (Iterator<?> items = list.iterator(); items.hasNext(); index++) {
            Object item = items.next();
            element(item, index, index, !items.hasNext(), options, rendering);
        }
        return index > 0;
    }

    private static boolean eachOf(Map<?, ?> map, Options options, Rendering rendering) throws IOException {
        int index = 0;
        for (Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator(); entries.hasNext(); index++) {
            var entry = entries.next();
            element(entry.getValue(), entry.getKey(), index, !entries.hasNext(), options, rendering);
        }
        return index > 0;
    }

    private static void element(
            @Nullable Object item, Object key, int index, boolean last, Options options, Rendering rendering)
            throws IOException {
        rendering.step();
        var context = Context.newBuilder(options.context, item)
                .combine("@key", key)
                .combine("@index", index)
                .combine("@first", index == 0 ? "first" : "")
                .combine("@last", last ? "last" : "")
                .build();
        body(context, Arrays.asList(item, key), options, rendering);
    }

    private static void body(Context context, List<@Nullable Object> parameters, Options options, Rendering rendering)
            throws IOException {
        options.fn.apply(
                options.blockParams.isEmpty()
                        ? context
                        : Context.newBlockParamContext(context, options.blockParams, parameters),
                rendering);
    }
}
