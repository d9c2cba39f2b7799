package io.tributary.standalone.integration;

import io.tributary.standalone.UsageError;
import io.tributary.standalone.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;

/**
 * The folder of a new integration, from templates: it works as it stands, with a provider that is made up.
 *
 * @param name lower-case letters, digits and single hyphens, beginning with a letter, 63 characters at most: the
 *     domain, the folder and the artifact; without hyphens the last part of the package, and no word of Java
 */
public record NewProject(String name, Kind kind) {

    /** How an integration is written. */
    public enum Kind {
        /** A project for Maven: the class, and its tests. */
        JAVA,
        /** The manifest, and what the provider is like. */
        YAML
    }

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int LONGEST_NAME = 63;

    /** @throws UsageError when the name is not valid */
    public NewProject {
        if (!NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
            throw new UsageError("'" + name
                    + "' is no name of an integration: it must begin with a lower-case letter and"
                    + " have lower-case letters, digits and single hyphens, " + LONGEST_NAME + " characters at most");
        }
        if (SourceVersion.isKeyword(name.replace("-", ""))) {
            throw new UsageError(
                    "'" + name + "' is a word of Java, so that no package can have the name: choose another");
        }
    }

    /**
     * Writes it to a folder of its name, which must not exist.
     *
     * @param parent where that is made; must exist
     * @return the files, relative to the parent
     * @throws UsageError when there is something of that name, which is left as it is
     */
    public List<Path> writeTo(Path parent) {
        if (!Files.isDirectory(parent)) {
            throw new UsageError("there is no folder " + parent);
        }
        try {
            Path folder = Files.createDirectory(parent.resolve(name));
            for (Map.Entry<String, String> file : files().entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(Objects.requireNonNull(path.getParent()));
                Files.writeString(path, file.getValue());
            }
            return files().keySet().stream().map(Path.of(name)::resolve).toList();
        } catch (FileAlreadyExistsException e) {
            throw new UsageError("there is a " + parent.resolve(name) + " already, and nothing is overwritten", e);
        } catch (IOException e) {
            throw new UserError("cannot write to " + parent + ": " + e.getMessage(), e);
        }
    }

    private Map<String, String> files() {
        return switch (kind) {
            case JAVA -> javaFiles();
            case YAML -> yamlFiles();
        };
    }

    private Map<String, String> yamlFiles() {
        var files = new LinkedHashMap<String, String>();
        files.put(name + ".yaml", filled("manifest.yaml"));
        files.put(name + ".provider.yaml", filled("provider.yaml"));
        return files;
    }

    private Map<String, String> javaFiles() {
        String folder = packageName().replace('.', '/') + "/";
        var files = new LinkedHashMap<String, String>();
        files.put("pom.xml", filled("pom.xml"));
        files.put("src/main/java/" + folder + className() + ".java", filled("Integration.java.txt"));
        files.put("src/main/java/" + folder + "package-info.java", filled("package-info.java.txt"));
        files.put(
                "src/main/resources/META-INF/services/io.tributary.integrations.api.Integration",
                qualifiedName() + "\n");
        files.put("src/test/java/" + folder + className() + "IT.java", filled("IntegrationIT.java.txt"));
        files.put("src/test/java/" + folder + "package-info.java", filled("test-package-info.java.txt"));
        return files;
    }

    private String filled(String template) {
        return template(template)
                .replace("__name__", name)
                .replace("__package__", packageName())
                .replace("__Class__", className());
    }

    private static String template(String name) {
        try (InputStream in =
                Objects.requireNonNull(NewProject.class.getResourceAsStream("/integration-template/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the template " + name + " cannot be read", e);
        }
    }

    private String qualifiedName() {
        return packageName() + "." + className();
    }

    private String packageName() {
        return "io.tributary.integrations." + name.replace("-", "");
    }

    private String className() {
        return Arrays.stream(name.split("-"))
                        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                        .collect(Collectors.joining())
                + "Integration";
    }
}
