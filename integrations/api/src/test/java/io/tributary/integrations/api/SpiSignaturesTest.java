package io.tributary.integrations.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A plugin that was compiled against an earlier SPI must go on working: what it may call stays as it is. The
 * signatures stand in {@code src/test/resources/spi-signatures.txt}.
 */
class SpiSignaturesTest {

    private static final Path COMMITTED = Path.of("src/test/resources/spi-signatures.txt");
    private static final Path ACTUAL = Path.of("target/spi-signatures.txt");
    private static final String PLUGINS_IMPLEMENT = Integration.class.getName() + ".";

    @Test
    void takesNothingFromPlugins() throws Exception {
        var actual = signatures();
        Files.write(ACTUAL, actual);
        var gone = new TreeSet<>(Files.readAllLines(COMMITTED));
        gone.removeAll(actual);

        assertThat(gone)
                .as(
                        "Signatures that plugins may have been compiled against are gone or changed. Bring them back"
                                + " beside the new ones. If this is meant to break every plugin, raise the major version"
                                + " and copy %s to %s.",
                        ACTUAL, COMMITTED)
                .isEmpty();
    }

    @Test
    void asksNothingNewOfPlugins() throws Exception {
        assertThat(added())
                .as("Integrations compiled before have no such method: give it a default.")
                .noneMatch(line -> line.contains(" abstract ") && line.contains(PLUGINS_IMPLEMENT));
    }

    @Test
    void recordsWhatIsNew() throws Exception {
        assertThat(added())
                .as("The SPI has grown, which is fine. Record it: copy %s to %s.", ACTUAL, COMMITTED)
                .isEmpty();
    }

    private static TreeSet<String> added() throws IOException, URISyntaxException {
        var added = signatures();
        added.removeAll(Files.readAllLines(COMMITTED));
        return added;
    }

    private static TreeSet<String> signatures() throws IOException, URISyntaxException {
        Path classes = Path.of(Integration.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve(Integration.class.getPackageName().replace('.', '/'));
        try (Stream<Path> files = Files.list(classes)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
                    .map(name -> load(name.substring(0, name.length() - ".class".length())))
                    .filter(SpiSignaturesTest::isVisible)
                    .flatMap(SpiSignaturesTest::lines)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(Integration.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /** Public itself and within public ones. */
    private static boolean isVisible(Class<?> type) {
        Class<?> outer = type.getDeclaringClass();
        return Modifier.isPublic(type.getModifiers())
                && !type.isAnonymousClass()
                && (outer == null || isVisible(outer));
    }

    private static Stream<String> lines(Class<?> type) {
        Stream<String> constructors = Arrays.stream(type.getDeclaredConstructors())
                .filter(SpiSignaturesTest::isVisible)
                .map(Constructor::toGenericString);
        Stream<String> methods = Arrays.stream(type.getDeclaredMethods())
                .filter(method -> isVisible(method) && !method.isSynthetic())
                .map(Method::toGenericString);
        Stream<String> fields = Arrays.stream(type.getDeclaredFields())
                .filter(SpiSignaturesTest::isVisible)
                .map(Field::toGenericString);
        return Stream.of(Stream.of(head(type)), constructors, methods, fields).flatMap(lines -> lines);
    }

    private static boolean isVisible(Member member) {
        return Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers());
    }

    private static String head(Class<?> type) {
        String permitted = type.isSealed() ? " permits " + names(type.getPermittedSubclasses()) : "";
        return type.toGenericString() + " extends " + type.getGenericSuperclass() + " implements "
                + names(type.getInterfaces()) + permitted;
    }

    private static List<String> names(Class<?>[] types) {
        return Arrays.stream(types).map(Class::getName).sorted().toList();
    }
}
