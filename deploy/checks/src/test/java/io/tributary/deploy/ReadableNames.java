package io.tributary.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The names of settings that a service reads: those of its own property classes, those that Spring Boot's libraries
 * describe, those of its defaults, and those of the JVM. Names are compared without case, dots, hyphens and
 * underscores, as Spring compares a variable with a property.
 */
final class ReadableNames {

    private static final Set<String> OF_THE_JVM = Set.of("javatooloptions");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z_]+)");

    private final Map<Services, Set<String>> names = new EnumMap<>(Services.class);
    private final Map<Services, Set<String>> maps = new EnumMap<>(Services.class);
    private final Set<String> ofSpring = new HashSet<>();
    private final Set<String> mapsOfSpring = new HashSet<>();

    ReadableNames() {
        readDescriptions();
        for (var service : Services.values()) {
            names.put(service, new HashSet<>(OF_THE_JVM));
            maps.put(service, new HashSet<>());
            readClasses(service);
            var placeholders = PLACEHOLDER.matcher(service.defaults());
            while (placeholders.find()) {
                known(names, service).add(uniform(placeholders.group(1)));
            }
        }
    }

    boolean reads(Services service, String name) {
        String uniform = uniform(name);
        return known(names, service).contains(uniform)
                || ofSpring.contains(uniform)
                || known(maps, service).stream().anyMatch(map -> within(uniform, map))
                || mapsOfSpring.stream().anyMatch(map -> within(uniform, map));
    }

    private static boolean within(String name, String map) {
        return name.startsWith(map) && name.length() > map.length();
    }

    private static Set<String> known(Map<Services, Set<String>> names, Services service) {
        return Objects.requireNonNull(names.get(service));
    }

    private static String uniform(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private void readDescriptions() {
        try {
            for (var resource : new PathMatchingResourcePatternResolver()
                    .getResources("classpath*:META-INF/spring-configuration-metadata.json")) {
                for (JsonNode property : JsonMapper.shared()
                        .readTree(resource.getContentAsString(StandardCharsets.UTF_8))
                        .path("properties")) {
                    String name = uniform(property.path("name").asString());
                    if (property.path("type").asString("").startsWith("java.util.Map")) {
                        mapsOfSpring.add(name);
                    } else {
                        ofSpring.add(name);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readClasses(Services service) {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        for (var candidate : scanner.findCandidateComponents(service.packageName)) {
            try {
                Class<?> type = Class.forName(candidate.getBeanClassName());
                readRecord(
                        service,
                        type.getAnnotation(ConfigurationProperties.class).value(),
                        type);
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void readRecord(Services service, String prefix, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = uniform(prefix + "." + component.getName());
            Type of = component.getGenericType();
            if (component.getType().isRecord()) {
                readRecord(service, name, component.getType());
            } else if (of instanceof ParameterizedType && Map.class.isAssignableFrom(component.getType())) {
                known(maps, service).add(name);
            } else {
                known(names, service).add(name);
            }
        }
    }
}
