package io.tributary.worker.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ServiceConfigurationError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StackTextTest {

    private static final String SECRET = "canary-secret";

    @Test
    void namesClassesAndFramesOfAllExceptionsAndNoneOfTheirTexts() {
        var thrown = new IllegalStateException(SECRET, new IOException(SECRET, new AssertionError(SECRET)));
        thrown.addSuppressed(new ServiceConfigurationError(SECRET));

        String stack = StackText.of(thrown);

        assertThat(stack)
                .doesNotContain(SECRET)
                .startsWith("java.lang.IllegalStateException\n\tat ")
                .contains("StackTextTest.java:")
                .contains("Caused by: java.io.IOException\n")
                .contains("Caused by: java.lang.AssertionError\n")
                .contains("Suppressed: java.util.ServiceConfigurationError\n");
    }

    @Test
    void endsWithinItsBoundForADeepStack() {
        String stack = StackText.of(deep(2_000));

        assertThat(stack).hasSizeLessThanOrEqualTo(StackText.MAX_CHARACTERS).contains("deep");
    }

    @Test
    void endsForCausesInACircle() {
        var first = new IllegalStateException();
        var second = new IllegalArgumentException(first);
        first.initCause(second);

        assertThat(StackText.of(first)).contains("IllegalArgumentException").contains("(see above)");
    }

    @Test
    void survivesAnExceptionThatThrows() {
        var hostile = new RuntimeException() {
            private static final long serialVersionUID = 1;

            @Override
            public StackTraceElement[] getStackTrace() {
                throw new AssertionError(SECRET);
            }

            @Override
            public @Nullable String toString() {
                throw new AssertionError(SECRET);
            }
        };

        assertThat(StackText.of(hostile)).contains("does not give its trace").doesNotContain(SECRET);
    }

    private static Throwable deep(int depth) {
        return depth == 0 ? new IllegalStateException(SECRET) : new RuntimeException(SECRET, deep(depth - 1));
    }
}
