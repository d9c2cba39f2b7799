package io.tributary.integrations.declarative;

import io.tributary.integrations.declarative.Format.Csv;
import io.tributary.integrations.declarative.Format.Kind;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles how the files of a stream are written. */
final class ReadFormat {

    private static final int MAX_MEGABYTES = 512;

    private ReadFormat() {}

    /** @param stream its {@code format} is the name of a kind, or a mapping */
    static Format of(Section stream) {
        Section section = stream.raw("format") instanceof String kind
                ? new Section(stream.file(), stream.pointer(), Map.of("type", kind))
                : stream.section("format");
        Kind kind = switch (section.require("type")) {
            case "csv" -> Kind.CSV;
            case "jsonLines" -> Kind.JSON_LINES;
            case "xml" -> Kind.XML;
            default -> Kind.JSON;
        };
        if (kind == Kind.XML && !section.has("path")) {
            stream.report("format", "'path' is missing: add the names of the elements that lead to a record");
        }
        return new Format(
                kind,
                csv(section),
                List.of(section.text("path").orElse("").split("\\.")),
                charset(section),
                section.text("entry").orElse(""),
                (long) section.integer("maxMegabytes", MAX_MEGABYTES) << 20,
                Format.MOST_RECORDS);
    }

    private static Csv csv(Section section) {
        String delimiter = section.text("delimiter").orElse(",");
        String quote = section.text("quote").orElse("\"");
        return new Csv(
                delimiter.equals("\\t") ? '\t' : delimiter.charAt(0),
                quote.isEmpty() ? 0 : quote.charAt(0),
                section.integer("skipLines", 0),
                section.texts("columns"));
    }

    private static @Nullable Charset charset(Section section) {
        try {
            return section.text("charset").map(Charset::forName).orElse(null);
        } catch (IllegalArgumentException e) {
            section.report("charset", "there is no such charset; they are called as ISO-8859-1");
            return null;
        }
    }
}
