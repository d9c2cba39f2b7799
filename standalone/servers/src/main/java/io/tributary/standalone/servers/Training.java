package io.tributary.standalone.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run that records what the registry's JVM loads and links, so that {@code ./tributary} can create an ahead-of-time
 * cache from it. It leaves in its folder {@code registry.config}, the arguments of the JVM that creates
 * {@code registry.aot} from it in {@code registry.args}, and in {@code registry.target} the place of the cache.
 *
 * @param folder exists
 */
record Training(Path folder) {

    /** System property that names the folder. Not set: the run records nothing. */
    static final String PROPERTY = "tributary.training";

    private static final String RECORD = "-XX:AOTMode=record";

    static @Nullable Training ofThisProcess() {
        String folder = System.getProperty(PROPERTY);
        return folder == null ? null : new Training(Path.of(folder).toAbsolutePath());
    }

    List<String> recordFlags() {
        return List.of(RECORD, "-XX:AOTConfiguration=" + folder.resolve("registry.config"));
    }

    /** Written before the run, so that they are there whenever it ends. */
    void describe(List<String> flags, String classPath, Path cache) {
        try {
            var arguments = Stream.concat(
                            flags.stream().filter(flag -> !flag.equals(RECORD)),
                            Stream.of("-XX:AOTMode=create", "-XX:AOTCache=" + folder.resolve("registry.aot")))
                    .toList();
            Files.writeString(
                    folder.resolve("registry.args"),
                    Stream.concat(arguments.stream(), Stream.of("-cp", classPath))
                            .map(argument -> '"' + argument.replace("\\", "\\\\") + "\"\n")
                            .collect(Collectors.joining()));
            Files.writeString(folder.resolve("registry.target"), cache + "\n");
        } catch (IOException e) {
            throw new ServerFailure(
                    ServerFailure.Reason.START_FAILED, "cannot write to " + folder + ": " + e.getMessage(), e);
        }
    }
}
