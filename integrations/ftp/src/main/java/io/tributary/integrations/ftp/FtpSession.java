package io.tributary.integrations.ftp;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.ftp.RemoteFile.Kind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.net.ftp.FTPClientConfig;
import org.apache.commons.net.ftp.FTPConnectionClosedException;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPFileEntryParser;
import org.apache.commons.net.ftp.FTPReply;
import org.apache.commons.net.ftp.parser.CompositeFileEntryParser;
import org.apache.commons.net.ftp.parser.NTFTPEntryParser;
import org.apache.commons.net.ftp.parser.UnixFTPEntryParser;
import org.jspecify.annotations.Nullable;

/**
 * A session of FTP or FTPS.
 *
 * <p>Directories are listed with MLSD where there is that, else with LIST, in the style of UNIX or of DOS. LIST tells times
 * to the minute or to the day, in a time zone of the server's choice: of a directory with few files each is asked for by
 * MDTM, which is exact; of one with many LIST is believed, as if it were UTC. Links are asked about one by one.
 */
final class FtpSession implements RemoteSession {

    /** Most files of a directory whose times are asked for one by one. */
    private static final int MAX_TIMES = 1_000;

    /** Longest line of a listing, bytes. */
    private static final int MAX_LINE = 16 * 1024;

    private static final int NOT_IMPLEMENTED_FROM = 500;
    private static final int NOT_IMPLEMENTED_TO = 504;

    private final FtpControl ftp;
    private final Failures failures;
    private boolean hasMachineListings;
    private boolean hasTimes;
    private boolean hasSizes = true;
    private boolean broken;

    FtpSession(FtpControl ftp, Failures failures) {
        this.ftp = ftp;
        this.failures = failures;
    }

    /** Asks the server what it can, and settles on bytes as they are. */
    void begin() throws IOException, TaskFailure {
        hasMachineListings = ftp.hasFeature("MLST");
        hasTimes = ftp.hasFeature("MDTM");
        if (ftp.hasFeature("UTF8")) {
            ftp.sendCommand(
                    "OPTS", "UTF8 ON"); // Some send UTF-8 only then. Whether they take it or not is all the same.
        }
        if (!FTPReply.isPositiveCompletion(ftp.sendCommand("TYPE", "I"))) {
            throw failures.protocolError("it refuses to transfer bytes as they are", null);
        }
    }

    @Override
    public void list(RemotePath directory, Consumer<RemoteFile> each) throws TaskFailure, InterruptedException {
        exchange(() -> {
            checkSendable(directory);
            // By changing into it, since what follows LIST is an option or a pattern for many a server.
            if (!FTPReply.isPositiveCompletion(ftp.sendCommand("CWD", directory.wire()))) {
                throw refused(directory);
            }
            var asked = new ArrayList<RemoteFile>();
            if (!hasMachineListings || !listForMachines(directory, each, asked)) {
                listForPeople(directory, each, asked);
            }
            if (asked.size() > MAX_LINKS) {
                throw failures.directoryTooLarge(directory);
            }
            for (RemoteFile file : asked) {
                askAbout(directory, file).ifPresent(each);
            }
            return directory;
        });
    }

    /** @return false when the server does not know MLSD after all */
    private boolean listForMachines(RemotePath directory, Consumer<RemoteFile> each, List<RemoteFile> asked)
            throws IOException, TaskFailure, InterruptedException {
        Socket data = ftp.open("MLSD", null, 0);
        if (data == null && isNotImplemented()) {
            hasMachineListings = false;
            return false;
        }
        readLines(
                directory,
                data,
                line -> MachineListing.file(line).ifPresent(file -> {
                    if (file.kind() == Kind.LINK) {
                        asked.add(file);
                    } else {
                        each.accept(file);
                    }
                }));
        return true;
    }

    /** {@code -a}: else servers on UNIX leave out names that begin with a dot. */
    private void listForPeople(RemotePath directory, Consumer<RemoteFile> each, List<RemoteFile> asked)
            throws IOException, TaskFailure, InterruptedException {
        var files = new PeoplesListing(each, asked);
        Socket data = ftp.open("LIST", "-a", 0);
        if (data != null) {
            readLines(directory, data, files::add);
        }
        if (files.isEmpty()) {
            data = ftp.open("LIST", null, 0);
            if (data != null || !saysEmpty()) {
                readLines(directory, data, files::add);
            }
        }
        files.end();
    }

    /** Some answer to LIST in an empty directory that there are no files. */
    private boolean saysEmpty() {
        String said = ftp.getReplyString().toLowerCase(Locale.ROOT);
        return (ftp.getReplyCode() == 450 || ftp.getReplyCode() == 550)
                && (said.contains("no files") || said.contains("no such file") || said.contains("empty"));
    }

    /** Collects what has to be asked about, and hands on the rest as it comes. */
    private final class PeoplesListing {
        private final Consumer<RemoteFile> each;
        private final List<RemoteFile> asked;
        private final List<RemoteFile> files = new ArrayList<>();
        private final FTPFileEntryParser parser = new CompositeFileEntryParser(
                new FTPFileEntryParser[] {new UnixFTPEntryParser(utc(FTPClientConfig.SYST_UNIX)), new NTFTPEntryParser()
                });
        private boolean isLong;
        private boolean isEmpty = true;

        PeoplesListing(Consumer<RemoteFile> each, List<RemoteFile> asked) {
            this.each = each;
            this.asked = asked;
        }

        private static FTPClientConfig utc(String system) {
            var config = new FTPClientConfig(system);
            config.setServerTimeZoneId("UTC");
            return config;
        }

        boolean isEmpty() {
            return isEmpty;
        }

        void add(String line) {
            FTPFile parsed = parser.parseFTPEntry(line);
            if (parsed == null || parsed.getName() == null) {
                return; // Such as "total 12".
            }
            isEmpty = false;
            if (parsed.getName().equals(".") || parsed.getName().equals("..")) {
                return;
            }
            RemoteFile file = new RemoteFile(
                    parsed.getName(),
                    kind(parsed),
                    parsed.getSize(),
                    parsed.getTimestamp() == null ? null : parsed.getTimestamp().toInstant(),
                    true);
            if (file.kind() == Kind.LINK) {
                asked.add(file);
            } else if (file.kind() != Kind.FILE || !hasTimes || isLong) {
                each.accept(file);
            } else {
                files.add(file);
                if (files.size() > MAX_TIMES) {
                    isLong = true;
                    files.forEach(each);
                    files.clear();
                }
            }
        }

        void end() {
            asked.addAll(files);
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

    /** A file with its exact time, or the file that a link leads to; nothing when it leads to none. */
    private Optional<RemoteFile> askAbout(RemotePath directory, RemoteFile file) throws IOException {
        if (!RemotePath.isName(file.name())
                || !FtpControl.isSendable(file.name())
                || directory.wire().length() + 1 + file.name().length() > RemotePath.MAX_BYTES) {
            return file.kind() == Kind.FILE ? Optional.of(file) : Optional.empty();
        }
        RemotePath path = directory.child(file.name());
        if (file.kind() == Kind.FILE) {
            return Optional.of(file.with(new Version(-1, MachineListing.time(value("MDTM", path)))));
        }
        return Optional.ofNullable(ask(path)).map(file::with);
    }

    @Override
    public @Nullable Version version(RemotePath file) throws TaskFailure, InterruptedException {
        return exchange(() -> {
                    checkSendable(file);
                    return Optional.ofNullable(ask(file));
                })
                .orElse(null);
    }

    /** By SIZE and MDTM rather than MLST, with which ProFTPD tells the size of a link for that of the file. */
    private @Nullable Version ask(RemotePath file) throws IOException {
        if (hasSizes) {
            String size = value("SIZE", file);
            if (size != null) {
                return new Version(
                        MachineListing.size(size), MachineListing.time(hasTimes ? value("MDTM", file) : null));
            }
            if (!isNotImplemented()) {
                return null; // There is none, or it is a directory.
            }
            hasSizes = false;
        }
        return hasMachineListings ? askForFacts(file) : new Version(-1, null);
    }

    private @Nullable Version askForFacts(RemotePath file) throws IOException {
        int code = ftp.sendCommand("MLST", file.wire());
        Optional<RemoteFile> found = FTPReply.isPositiveCompletion(code) ? ofMlst() : Optional.empty();
        if (found.isPresent()) {
            return found.get().kind() == Kind.FILE
                    ? new Version(found.get().size(), found.get().modifiedAt())
                    : null;
        }
        return code == FTPReply.FILE_UNAVAILABLE ? null : new Version(-1, null);
    }

    /** Its facts are on the second line of the reply, after a space (RFC 3659, section 7.2). */
    private Optional<RemoteFile> ofMlst() {
        String[] lines = ftp.getReplyStrings();
        if (lines.length < 2) {
            return Optional.empty();
        }
        return MachineListing.file(lines[1].startsWith(" ") ? lines[1].substring(1) : lines[1]);
    }

    /** What the server says of a file on one line (213); null when it does not. */
    private @Nullable String value(String command, RemotePath file) throws IOException {
        if (ftp.sendCommand(command, file.wire()) != FTPReply.FILE_STATUS) {
            return null;
        }
        String reply = ftp.getReplyStrings()[0];
        return reply.length() > 4 ? reply.substring(4).strip() : null;
    }

    @Override
    public void read(RemotePath file, long from, FileBytes into) throws TaskFailure, InterruptedException {
        exchange(() -> {
            checkSendable(file);
            Socket data = ftp.open("RETR", file.wire(), from);
            if (data == null) {
                throw refused(file);
            }
            try (data) {
                into.readFrom(data.getInputStream());
            }
            if (into.isTooLarge()) {
                broken = true; // The rest of it is on its way.
                return file;
            }
            completeTransfer(file);
            return file;
        });
    }

    private void completeTransfer(RemotePath path) throws IOException, TaskFailure {
        if (!FTPReply.isPositiveCompletion(ftp.getReply())) {
            throw refused(path);
        }
    }

    /** @param data null when the server refused to open it */
    private void readLines(RemotePath directory, @Nullable Socket data, Consumer<String> each)
            throws IOException, TaskFailure {
        if (data == null) {
            throw refused(directory);
        }
        int lines = 0;
        try (data;
                InputStream in = new BufferedInputStream(data.getInputStream(), 32 * 1024)) {
            for (String line = readLine(in); line != null; line = readLine(in)) {
                if (++lines > MAX_NAMES) {
                    broken = true;
                    throw failures.directoryTooLarge(directory);
                }
                each.accept(line);
            }
        }
        // Without it, the listing may be half of one.
        completeTransfer(directory);
    }

    /** The bytes up to a line feed, without a carriage return before it. */
    private static @Nullable String readLine(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return line.isEmpty() ? null : line.toString();
            }
            if (line.length() == MAX_LINE) {
                throw new IOException("a line of a listing is longer than " + MAX_LINE + " bytes");
            }
            line.append((char) next);
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }

    private boolean isNotImplemented() {
        return ftp.getReplyCode() >= NOT_IMPLEMENTED_FROM && ftp.getReplyCode() <= NOT_IMPLEMENTED_TO;
    }

    private TaskFailure refused(RemotePath path) {
        return failures.refused(ftp.getReplyCode(), ftp.getReplyString(), path);
    }

    private void checkSendable(RemotePath path) throws TaskFailure {
        if (!FtpControl.isSendable(path.wire())) {
            throw failures.nameRefused(path, path.name());
        }
    }

    private interface Exchange<T> {
        T run() throws IOException, TaskFailure, InterruptedException;
    }

    private <T> T exchange(Exchange<T> exchange) throws TaskFailure, InterruptedException {
        try {
            return exchange.run();
        } catch (FTPConnectionClosedException e) {
            broken = true;
            throw ftp.getReplyCode() == FTPReply.SERVICE_NOT_AVAILABLE ? failures.busy() : failures.broken(e);
        } catch (IOException | RuntimeException e) {
            broken = true;
            throw failures.broken(e);
        } catch (TaskFailure.Transient failure) {
            // After a transfer that ended badly, no one knows for sure which reply belongs to what.
            broken = true;
            throw failure;
        }
    }

    @Override
    public boolean isBroken() {
        return broken;
    }

    @Override
    public void logout() {
        try {
            ftp.setSoTimeout(2_000);
            ftp.sendCommand("QUIT");
        } catch (IOException | RuntimeException e) {
            // It is closed next, whether the server heard or not.
        } finally {
            disconnect();
        }
    }

    @Override
    public void disconnect() {
        broken = true;
        try {
            ftp.disconnect();
        } catch (IOException e) {
            // It is closed as well as it can be.
        }
    }
}
