package io.tributary.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

/**
 * Gives test methods the {@link Storm.Calm} after the one storm of this JVM; the first one to ask waits for its end.
 */
final class AfterTheStorm implements ParameterResolver {

    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(AfterTheStorm.class);

    /** The storm, or why it failed: it does not blow a second time. */
    private record Shared(
            Path folder,
            Storm.@Nullable Calm calm,
            @Nullable Throwable failure) implements AutoCloseable {

        static Shared blow() {
            Path folder;
            try {
                folder = Files.createTempDirectory(
                        Files.createDirectories(Path.of("target").toAbsolutePath()), "storm-");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            try {
                return new Shared(folder, Storm.blow(folder), null);
            } catch (RuntimeException | AssertionError e) {
                return new Shared(folder, null, e);
            }
        }

        @Override
        public void close() throws IOException {
            if (calm != null) {
                calm.close();
                FileSystemUtils.deleteRecursively(folder);
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Storm.Calm.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Shared shared =
                context.getRoot().getStore(OURS).computeIfAbsent(Shared.class, _ -> Shared.blow(), Shared.class);
        Storm.Calm calm = shared.calm();
        if (calm == null) {
            throw new AssertionError("the storm failed; logs are in " + shared.folder(), shared.failure());
        }
        return calm;
    }
}
