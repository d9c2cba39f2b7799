package io.tributary.standalone.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Confluent's own serializer and deserializer, which the build of schemas unpacked, and ways to use them. The system
 * property {@code confluent.classes} names the folder of their jars.
 */
public final class ConfluentClasses implements AutoCloseable {

    private static final String PACKAGE = "io.confluent.kafka.serializers.";

    private final URLClassLoader loader;

    private ConfluentClasses(List<URL> classPath, ClassLoader parent) {
        loader = new URLClassLoader(classPath.toArray(URL[]::new), parent);
    }

    /** As another program has them: with their own Avro, Kafka and Jackson, and our generated classes beside them. */
    public static ConfluentClasses ofAnotherProgram() {
        var classPath = new ArrayList<>(jars());
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith("target/classes"))
                .forEach(entry -> classPath.add(url(Path.of(entry))));
        return new ConfluentClasses(classPath, ClassLoader.getPlatformClassLoader());
    }

    /** As a program of ours has them that was built with the profile: with our Avro, Kafka and Jackson. */
    public static ConfluentClasses ofOurProgram() {
        return new ConfluentClasses(jars(), ConfluentClasses.class.getClassLoader());
    }

    /** A deserializer of that program; what it returns is of that program's classes. */
    public Side deserializer(Map<String, ?> properties) {
        return side("KafkaAvroDeserializer", "deserialize", byte[].class, properties);
    }

    /** A serializer of that program; it takes what a deserializer of it returned. */
    public Side serializer(Map<String, ?> properties) {
        return side("KafkaAvroSerializer", "serialize", Object.class, properties);
    }

    /** One of the two, called by name since its types are not ours. */
    public interface Side {

        Object call(String topic, Object argument);
    }

    /** Runs with the loader as the thread's, which is where Kafka looks for classes named in properties. */
    public <R> R inside(Supplier<R> action) {
        var thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return action.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }

    private Side side(String simpleName, String method, Class<?> argumentType, Map<String, ?> properties) {
        return inside(() -> {
            try {
                Class<?> type = Class.forName(PACKAGE + simpleName, true, loader);
                Object side = type.getConstructor().newInstance();
                type.getMethod("configure", Map.class, boolean.class).invoke(side, properties, false);
                var call = type.getMethod(method, String.class, argumentType);
                return (topic, argument) -> inside(() -> {
                    try {
                        return call.invoke(side, topic, argument);
                    } catch (InvocationTargetException e) {
                        throw new AssertionError("Confluent's " + simpleName + " failed", e.getCause());
                    } catch (ReflectiveOperationException e) {
                        throw new AssertionError(e);
                    }
                });
            } catch (ReflectiveOperationException e) {
                throw new AssertionError("Confluent's classes are not where the build puts them", e);
            }
        });
    }

    private static List<URL> jars() {
        try (var files = Files.list(Path.of(System.getProperty("confluent.classes")))) {
            return files.map(ConfluentClasses::url).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }
}
