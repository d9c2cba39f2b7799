package io.tributary.integrations.ftp;

import io.tributary.integrations.ftp.RemoteFile.Kind;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the machine-readable forms of RFC 3659: the facts of MLSD and MLST (section 7), and times (section 2.3). */
final class MachineListing {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);

    private MachineListing() {}

    /** A line of MLSD; empty when it is malformed. The name is all that follows the first space, spaces included. */
    static Optional<RemoteFile> file(String line) {
        int space = line.indexOf(' ');
        if (space < 0 || space + 1 == line.length()) {
            return Optional.empty();
        }
        Map<String, String> facts = facts(line.substring(0, space));
        return Optional.of(new RemoteFile(
                line.substring(space + 1),
                kind(facts.getOrDefault("type", "file")),
                size(facts.get("size")),
                time(facts.get("modify")),
                false));
    }

    private static Map<String, String> facts(String text) {
        var facts = new HashMap<String, String>();
        for (String fact : text.split(";")) {
            int equals = fact.indexOf('=');
            if (equals > 0) {
                facts.put(fact.substring(0, equals).toLowerCase(Locale.ROOT), fact.substring(equals + 1));
            }
        }
        return facts;
    }

    /** Links have no type of their own: servers call them {@code OS.unix=slink:target} or {@code OS.unix=symlink}. */
    private static Kind kind(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "file" -> Kind.FILE;
            case "dir" -> Kind.DIRECTORY;
            case "cdir", "pdir" -> Kind.OTHER;
            default ->
                lower.startsWith("os.unix=slink") || lower.startsWith("os.unix=symlink") ? Kind.LINK : Kind.OTHER;
        };
    }

    /** A number of bytes; -1 when it is malformed. */
    static long size(@Nullable String text) {
        try {
            return text == null ? -1 : Math.max(-1, Long.parseLong(text.strip()));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** {@code YYYYMMDDHHMMSS} with or without a fraction, in UTC; null when it is malformed. */
    static @Nullable Instant time(@Nullable String text) {
        if (text == null || text.strip().length() < 14) {
            return null;
        }
        String digits = text.strip();
        try {
            Instant time = LocalDateTime.parse(digits.substring(0, 14), TIME).toInstant(ZoneOffset.UTC);
            return digits.length() > 15 && digits.charAt(14) == '.'
                    ? time.plusMillis(Math.round(Double.parseDouble("0" + digits.substring(14)) * 1000))
                    : time;
        } catch (DateTimeException | NumberFormatException e) {
            return null;
        }
    }
}
