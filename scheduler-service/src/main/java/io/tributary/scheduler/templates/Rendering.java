package io.tributary.scheduler.templates;

import com.github.jknack.handlebars.Options;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * One rendering of a template, to which all of its blocks write. It ends with an error when the text grows too long,
 * the loops visit too many elements, or its time is over. For one thread.
 */
final class Rendering extends Writer {

    /** Key of the rendering in the data of a context. */
    static final String KEY = "tributary.rendering";

    private final StringBuilder text = new StringBuilder();
    private final LongSupplier nanos;
    private final long started;
    private int steps;

    /** @param nanos elapsed time, nanoseconds from any origin */
    Rendering(LongSupplier nanos) {
        this.nanos = nanos;
        this.started = nanos.getAsLong();
    }

    static Rendering of(Options options) {
        return Objects.requireNonNull(options.data(KEY));
    }

    /** Counts an element that a loop visits. */
    void step() throws IOException {
        if (++steps > TemplateEngine.MAX_STEPS) {
            throw new IOException("visits more than " + TemplateEngine.MAX_STEPS + " elements");
        }
        checkTime();
    }

    /** Each tag calls it, also one that writes nothing. */
    void checkTime() throws IOException {
        Duration max = TemplateEngine.MAX_TIME;
        if (nanos.getAsLong() - started > max.toNanos()) {
            throw new IOException("takes longer than " + max.toSeconds() + " s");
        }
    }

    private void require(int length) throws IOException {
        checkTime();
        if (text.length() + length > TemplateEngine.MAX_OUTPUT) {
            throw new IOException("makes a text of more than " + TemplateEngine.MAX_OUTPUT + " characters");
        }
    }

    @Override
    public void write(char[] characters, int offset, int length) throws IOException {
        require(length);
        text.append(characters, offset, length);
    }

    @Override
    public void write(String written, int offset, int length) throws IOException {
        require(length);
        text.append(written, offset, offset + length);
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    @Override
    public void close() {
        // It holds nothing but memory.
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
