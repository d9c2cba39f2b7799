package io.tributary.standalone.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Says what holds for every server. */
final class AssertServers {

    private AssertServers() {}

    /** It does not start, and says why. */
    static AbstractThrowableAssert<?, ? extends Throwable> assertFails(
            ServerFailure.Reason reason, ThrowingCallable start) {
        return assertThatThrownBy(start)
                .isInstanceOfSatisfying(
                        ServerFailure.class,
                        failure -> assertThat(failure.reason()).isEqualTo(reason));
    }

    /** No process of ours is left that works in the folder. */
    static void assertNoProcessIn(Path folder) {
        assertThat(ProcessHandle.current()
                        .descendants()
                        .map(child -> child.info().commandLine().orElse("")))
                .noneMatch(command -> command.contains(folder.toString()));
    }
}
