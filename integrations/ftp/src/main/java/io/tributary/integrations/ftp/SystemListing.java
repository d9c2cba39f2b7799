package io.tributary.integrations.ftp;

import io.tributary.integrations.ftp.RemoteFile.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.net.ftp.FTPClientConfig;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPFileEntryParser;
import org.apache.commons.net.ftp.parser.MVSFTPEntryParser;
import org.apache.commons.net.ftp.parser.NTFTPEntryParser;
import org.apache.commons.net.ftp.parser.NetwareFTPEntryParser;
import org.apache.commons.net.ftp.parser.OS400FTPEntryParser;
import org.apache.commons.net.ftp.parser.UnixFTPEntryParser;
import org.apache.commons.net.ftp.parser.VMSFTPEntryParser;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to LIST, which has the form of the server's system: UNIX, Windows, IBM i, NetWare, Mac OS, VMS or
 * z/OS. Commons Net reads the lines, each by the form it has, whatever the server says about its system. This class
 * adds what the parsers lack: names that are not ASCII, and months in other languages.
 *
 * <p>A line that no parser understands may be a file. {@link #unreadable} keeps it, so that a listing in an unknown
 * form never passes for an empty directory.
 */
final class SystemListing {

    /** A form of lines, and the parser that reads them. */
    private record Form(Pattern line, FTPFileEntryParser parser) {

        static Form of(String line, FTPFileEntryParser parser) {
            return new Form(Pattern.compile(line, Pattern.DOTALL), parser);
        }
    }

    /** Type and permissions. */
    private static final String MODE = "[-bcdelfmpSs][-rwxsStTL]{9}";

    /** UNIX with a month: mode, owners, size, then month and day in either order, then time or year, and the name. */
    private static final Pattern UNIX = Pattern.compile(
            "(?<mode>" + MODE + ")[.+@]?\\s[^:]*?\\s(?<size>\\d++)\\s++"
                    + "(?:(?<month>M)\\s+(?<day>D)|(?<dayFirst>D)\\s+(?<monthLast>M))\\s+(?<time>T)\\s(?<name>.+)"
                            .replace("M", "(?:1[0-2]|0?[1-9])[月월]|\\p{L}[\\p{L}\\p{M}]*+\\.?")
                            .replace("D", "\\d\\d?[.日일]?")
                            .replace("T", "\\d\\d?:\\d\\d|\\d{4}[年년]?"),
            Pattern.DOTALL);

    /** Longest line that the parsers get, characters: their regular expressions recurse. */
    private static final int MAX_PARSED = 1_000;

    /** The first line of many listings: {@code total 12}, {@code insgesamt 12}. */
    private static final Pattern TOTAL = Pattern.compile("\\p{L}+:?\\s+[\\d.,]+\\p{L}?\\s*");

    /** The first line of z/OS says which columns there are. */
    private static final Pattern COLUMNS =
            Pattern.compile("Volume\\s.*\\sDsname\\s*|JOBNAME\\s+JOBID.*|\\s*Name\\s.*\\sId\\s*");

    /**
     * Lines that parsers leave out: the directory itself and the one above, and those that VMS has around its files.
     */
    private static final Pattern NO_FILE = Pattern.compile(".*\\s\\.\\.?/?|Directory \\S*|Total of .*");

    /** A data set of z/OS that is not on disk: it is there, but nothing tells its version. */
    private static final Pattern OFFLINE = Pattern.compile("(Migrated|ARCIVE)\\s.*");

    private static final Pattern NAME_OF_VMS = Pattern.compile("\\S+;\\d+\\s*");

    private final UnixFTPEntryParser unix = new UnixFTPEntryParser(utc(FTPClientConfig.SYST_UNIX));
    private final MVSFTPEntryParser dataSets = new MVSFTPEntryParser();
    private final List<Form> forms = List.of(
            Form.of(MODE + ".*", unix),
            Form.of("\\d+[-/.]\\d+[-/.]\\d+\\s+\\d+:\\d\\d.*", new NTFTPEntryParser()),
            Form.of(".*\\s\\*(STMF|DIR|FILE|MEM)\\s.*", new OS400FTPEntryParser()),
            Form.of("[-d]\\s+\\[.*", new NetwareFTPEntryParser(utc(FTPClientConfig.SYST_NETWARE))),
            Form.of("\\S+;\\d+\\s.*", new VMSFTPEntryParser()),
            Form.of(".*", dataSets)); // Only after its header.

    private int lines;
    private boolean anyRead;
    private String begun = "";
    private @Nullable String unreadable;

    private static FTPClientConfig utc(String system) {
        var config = new FTPClientConfig(system);
        config.setServerTimeZoneId("UTC");
        return config;
    }

    /**
     * What a line says about a name; empty for one that names nothing, or that is not understood.
     *
     * @param line bytes, one character each
     */
    Optional<RemoteFile> file(String line) {
        lines++;
        String text = begun + RemotePath.textOf(line);
        begun = "";
        if (text.isBlank() || (lines == 1 && TOTAL.matcher(text).matches())) {
            return Optional.empty();
        }
        if (NAME_OF_VMS.matcher(text).matches()) {
            begun = text + " "; // A long name has the rest of its line on the next one.
            return Optional.empty();
        }
        FTPFile parsed = (lines == 1 && isHeader(text)) || OFFLINE.matcher(text).matches() ? null : parse(text);
        if (parsed != null && parsed.getName() != null) {
            anyRead = true;
            return isSelf(parsed.getName()) ? Optional.empty() : Optional.of(file(parsed, text, !text.equals(line)));
        }
        if (NO_FILE.matcher(text).matches() || COLUMNS.matcher(text).matches()) {
            anyRead = true;
        } else if (unreadable == null) {
            unreadable = line;
        }
        return Optional.empty();
    }

    private static boolean isSelf(String name) {
        return name.equals(".") || name.equals("..");
    }

    /** Whether some line was understood. */
    boolean isAnyRead() {
        return anyRead;
    }

    /** The first line that is not understood, in bytes; empty when there is none. */
    Optional<String> unreadable() {
        return Optional.ofNullable(unreadable).or(() -> Optional.of(begun).filter(name -> !name.isEmpty()));
    }

    private boolean isHeader(String first) {
        dataSets.preParse(new ArrayList<>(List.of(first)));
        return COLUMNS.matcher(first).matches();
    }

    private @Nullable FTPFile parse(String text) {
        Matcher unixLine = UNIX.matcher(text);
        if (unixLine.matches()) {
            return parseUnix(unixLine);
        }
        return text.length() > MAX_PARSED
                ? null
                : forms.stream()
                        .filter(form -> form.line.matcher(text).matches())
                        .map(form -> form.parser.parseFTPEntry(text))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    /** Has the parser read the line without the name, and with the month in English. */
    private @Nullable FTPFile parseUnix(Matcher line) {
        String month = line.group("month") == null ? line.group("monthLast") : line.group("month");
        String day = line.group("day") == null ? line.group("dayFirst") : line.group("day");
        Optional<String> english = MonthNames.inEnglish(month);
        FTPFile parsed = unix.parseFTPEntry(String.join(
                " ",
                line.group("mode") + " 1 owner group",
                line.group("size"),
                english.orElse("Jan"),
                day.replaceAll("\\D", ""),
                line.group("time").replaceAll("[年년]", ""),
                "name"));
        if (parsed == null) {
            return null;
        }
        String name = line.group("name");
        int arrow = parsed.isSymbolicLink() ? name.indexOf(" -> ") : -1;
        parsed.setName(arrow < 0 ? name : name.substring(0, arrow));
        if (english.isEmpty()) {
            parsed.setTimestamp(null); // A file does not get lost because its month is unknown.
        }
        return parsed;
    }

    private static RemoteFile file(FTPFile parsed, String text, boolean utf8) {
        boolean vms = text.matches("\\S+;\\d+\\s.*");
        String name = vms && parsed.isDirectory() ? parsed.getName().replaceFirst("\\.DIR$", "") : parsed.getName();
        return new RemoteFile(
                utf8 ? RemotePath.wireOf(name) : name,
                kind(parsed),
                vms ? -1 : parsed.getSize(), // VMS counts blocks.
                parsed.getTimestamp() == null ? null : parsed.getTimestamp().toInstant(),
                true);
    }

    private static Kind kind(FTPFile file) {
        if (file.isSymbolicLink()) {
            return Kind.LINK;
        }
        if (file.isDirectory()) {
            return Kind.DIRECTORY;
        }
        return file.isFile() ? Kind.FILE : Kind.OTHER;
    }
}
