package io.tributary.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The version in the parent pom, which is the tag of the images. */
final class ProjectVersion {

    private static final Pattern FIRST = Pattern.compile("(?m)^  <version>(.*)</version>$");

    private ProjectVersion() {}

    static String read() throws IOException {
        var version = FIRST.matcher(Files.readString(Path.of(System.getProperty("tributary.home"), "pom.xml")));
        if (!version.find()) {
            throw new IllegalStateException("the parent pom has no version");
        }
        return version.group(1);
    }
}
