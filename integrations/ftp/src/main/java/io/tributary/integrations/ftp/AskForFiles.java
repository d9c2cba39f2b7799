package io.tributary.integrations.ftp;

import java.io.IOException;
import java.util.Optional;
import org.apache.commons.net.ftp.FTPReply;
import org.jspecify.annotations.Nullable;

/** Asks a server about single files: by SIZE and MDTM, or by MLST. */
final class AskForFiles {

    private final FtpControl ftp;
    private boolean hasFacts;
    private boolean hasTimes;
    private boolean hasSizes = true;

    AskForFiles(FtpControl ftp) {
        this.ftp = ftp;
    }

    void begin() throws IOException {
        hasFacts = ftp.hasFeature("MLST");
        hasTimes = ftp.hasFeature("MDTM");
    }

    /** Whether the server gives exact times. */
    boolean hasTimes() {
        return hasTimes;
    }

    /** A file with its exact time, or the file that a link leads to; nothing when it leads to none. */
    Optional<RemoteFile> exact(RemotePath directory, RemoteFile file) throws IOException {
        if (!RemotePath.isName(file.name())
                || !FtpControl.isSendable(file.name())
                || directory.wire().length() + 1 + file.name().length() > RemotePath.MAX_BYTES) {
            return file.isFile() ? Optional.of(file) : Optional.empty();
        }
        RemotePath path = directory.child(file.name());
        if (file.isFile() && file.size() >= 0) {
            return Optional.of(file.with(new Version(-1, MachineListing.time(value("MDTM", path)))));
        }
        Optional<RemoteFile> asked = Optional.ofNullable(version(path)).map(file::with);
        return file.isFile() ? asked.or(() -> Optional.of(file)) : asked;
    }

    /**
     * The file as it now is, links followed; null when there is none of that name, or it is no file. By SIZE and MDTM
     * rather than MLST, in which ProFTPD gives the size of a link for that of the file.
     */
    @Nullable
    Version version(RemotePath file) throws IOException {
        if (hasSizes) {
            String size = value("SIZE", file);
            if (size != null) {
                return new Version(
                        MachineListing.size(size), MachineListing.time(hasTimes ? value("MDTM", file) : null));
            }
            if (!ftp.isNotImplemented()) {
                return null; // There is no such file, or it is a directory.
            }
            hasSizes = false;
        }
        return hasFacts ? askForFacts(file) : new Version(-1, null);
    }

    private @Nullable Version askForFacts(RemotePath file) throws IOException {
        int code = ftp.sendCommand("MLST", file.wire());
        Optional<RemoteFile> found = FTPReply.isPositiveCompletion(code) ? ofMlst() : Optional.empty();
        if (found.isPresent()) {
            return found.get().isFile()
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

    /** The value that the server gives for a file on one line (213); null when it gives none. */
    private @Nullable String value(String command, RemotePath file) throws IOException {
        if (ftp.sendCommand(command, file.wire()) != FTPReply.FILE_STATUS) {
            return null;
        }
        String reply = ftp.getReplyStrings()[0];
        return reply.length() > 4 ? reply.substring(4).strip() : null;
    }
}
