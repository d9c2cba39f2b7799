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
import org.apache.commons.net.ftp.FTPConnectionClosedException;
import org.apache.commons.net.ftp.FTPReply;
import org.jspecify.annotations.Nullable;

/**
 * A session of FTP or FTPS.
 *
 * <p>Directories are listed with MLSD where there is that, else with LIST, in the form of the server's system ({@link
 * SystemListing}). LIST gives times to the minute or to the day, in a time zone of the server's choice: in a directory
 * with few files each is asked for by MDTM, which is exact; in one with many, LIST is believed, as if it were UTC.
 * Links are asked about one by one.
 */
final class FtpSession implements RemoteSession {

    /** Most files of a directory whose times are asked for one by one. */
    private static final int MAX_TIMES = 1_000;

    /** Longest line of a listing, bytes. */
    private static final int MAX_LINE = 16 * 1024;

    private final FtpControl ftp;
    private final Failures failures;
    private final AskForFiles files;
    private boolean hasMachineListings;
    private boolean broken;

    FtpSession(FtpControl ftp, Failures failures) {
        this.ftp = ftp;
        this.failures = failures;
        this.files = new AskForFiles(ftp);
    }

    /** Reads the features of the server, and selects binary transfers. */
    void begin() throws IOException, TaskFailure {
        hasMachineListings = ftp.hasFeature("MLST");
        files.begin();
        if (ftp.hasFeature("UTF8")) {
            // Some servers send UTF-8 only then. Others may refuse.
            ftp.sendCommand("OPTS", "UTF8 ON");
        }
        if (!FTPReply.isPositiveCompletion(ftp.sendCommand("TYPE", "I"))) {
            throw failures.protocolError("it refuses to transfer bytes as they are", null);
        }
    }

    @Override
    public void list(RemotePath directory, Consumer<RemoteFile> each) throws TaskFailure, InterruptedException {
        exchange(() -> {
            checkSendable(directory);
            // By changing into it, because many servers take the argument of LIST for an option or a pattern.
            if (!FTPReply.isPositiveCompletion(ftp.sendCommand("CWD", directory.wire()))) {
                throw rejected(directory);
            }
            var found = new Found(each);
            if (!hasMachineListings || !listForMachines(directory, found)) {
                listBySystem(directory, found);
            }
            if (found.toAsk.size() > MAX_LINKS) {
                throw failures.directoryTooLarge(directory);
            }
            for (RemoteFile file : found.toAsk) {
                files.exact(directory, file).ifPresent(each);
            }
            return directory;
        });
    }

    /** Collects the files that have to be asked about, and hands on the others as they come. */
    private final class Found {
        private final Consumer<RemoteFile> each;
        private final List<RemoteFile> toAsk = new ArrayList<>();
        private int inexactFiles;

        Found(Consumer<RemoteFile> each) {
            this.each = each;
        }

        void add(RemoteFile file) {
            boolean inexact = file.isFile() && file.rough() && (files.hasTimes() || file.size() < 0);
            if (file.kind() == Kind.LINK || (inexact && ++inexactFiles <= MAX_TIMES)) {
                toAsk.add(file);
                return;
            }
            if (inexact && inexactFiles == MAX_TIMES + 1) {
                toAsk.stream().filter(RemoteFile::isFile).forEach(each);
                toAsk.removeIf(RemoteFile::isFile);
            }
            each.accept(file);
        }
    }

    /** @return false when the server does not know MLSD after all */
    private boolean listForMachines(RemotePath directory, Found found) throws IOException, TaskFailure {
        Socket data = ftp.open("MLSD", null, 0);
        if (data == null && ftp.isNotImplemented()) {
            hasMachineListings = false;
            return false;
        }
        readLines(directory, data, line -> {
            if (!line.isBlank()) {
                found.add(MachineListing.file(line).orElseGet(() -> RemoteFile.unreadable(line)));
            }
        });
        return true;
    }

    /**
     * {@code -a}: else servers on UNIX leave out names that begin with a dot.
     *
     * @throws TaskFailure.Permanent {@code ftp.listingUnreadable} when not one line is understood
     */
    private void listBySystem(RemotePath directory, Found found) throws IOException, TaskFailure {
        var listing = new SystemListing();
        Socket data = ftp.open("LIST", "-a", 0);
        if (data != null) {
            readLines(directory, data, line -> listing.file(line).ifPresent(found::add));
        }
        SystemListing last = listing.isAnyRead() ? listing : new SystemListing();
        if (last != listing) {
            data = ftp.open("LIST", null, 0);
            if (data != null || !saysEmpty()) {
                readLines(directory, data, line -> last.file(line).ifPresent(found::add));
            }
        }
        Optional<String> unreadable = last.unreadable();
        if (unreadable.isPresent()) {
            if (!last.isAnyRead()) {
                throw failures.listingUnreadable(directory, RemotePath.textOf(unreadable.get()));
            }
            found.add(RemoteFile.unreadable(unreadable.get()));
        }
    }

    /** Some servers answer to LIST in an empty directory that there are no files. */
    private boolean saysEmpty() {
        String reply = ftp.getReplyString().toLowerCase(Locale.ROOT);
        return (ftp.getReplyCode() == 450 || ftp.getReplyCode() == 550)
                && (reply.contains("no files") || reply.contains("no such file") || reply.contains("empty"));
    }

    @Override
    public @Nullable Version version(RemotePath file) throws TaskFailure, InterruptedException {
        return exchange(() -> {
                    checkSendable(file);
                    return Optional.ofNullable(files.version(file));
                })
                .orElse(null);
    }

    @Override
    public void read(RemotePath file, long from, FileBytes into) throws TaskFailure, InterruptedException {
        exchange(() -> {
            checkSendable(file);
            Socket data = ftp.open("RETR", file.wire(), from);
            if (data == null) {
                throw rejected(file);
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
            throw rejected(path);
        }
    }

    /** @param data null when the server refused to open it */
    private void readLines(RemotePath directory, @Nullable Socket data, Consumer<String> each)
            throws IOException, TaskFailure {
        if (data == null) {
            throw rejected(directory);
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

    private TaskFailure rejected(RemotePath path) {
        return failures.rejected(ftp.getReplyCode(), ftp.getReplyString(), path);
    }

    private void checkSendable(RemotePath path) throws TaskFailure {
        if (!FtpControl.isSendable(path.wire())) {
            throw failures.nameRejected(path, path.name());
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
            // After a transfer that failed, it is not certain which reply belongs to which command.
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
