package io.tributary.integrations.declarative;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a download: GZIP and ZIP, by their first bytes, and writes it in UTF-8. XML names its charset itself, so it
 * keeps it.
 *
 * @param named the charset that the answer names; null: none
 */
record Unpack(Format format, @Nullable Charset named) {

    /** The file would be larger than it may be. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** The archive has no such file. */
    static final class NoEntryException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Returns the hash of what was written. */
    String of(Path packed, Path plain) throws IOException {
        MessageDigest hash = sha256();
        try (InputStream file = new BufferedInputStream(Files.newInputStream(packed), 1 << 16);
                InputStream content = unpacked(file);
                OutputStream to = new DigestOutputStream(
                        new Bounded(Files.newOutputStream(
                                plain, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)),
                        hash)) {
            if (format.kind() == Format.Kind.XML && format.charset() == null) {
                content.transferTo(to);
            } else {
                transcode(content, to);
            }
        }
        return HexFormat.of().formatHex(hash.digest());
    }

    private InputStream unpacked(InputStream file) throws IOException {
        byte[] start = start(file, 4);
        if (starts(start, 0x1f, 0x8b)) {
            return new BufferedInputStream(new GZIPInputStream(file, 1 << 16), 1 << 16);
        }
        return starts(start, 'P', 'K', 3, 4) ? entry(new ZipInputStream(file)) : file;
    }

    private InputStream entry(ZipInputStream archive) throws IOException {
        for (ZipEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
            if (!entry.isDirectory() && entry.getName().endsWith(format.entry())) {
                return new BufferedInputStream(archive, 1 << 16);
            }
        }
        throw new NoEntryException();
    }

    private void transcode(InputStream content, OutputStream to) throws IOException {
        byte[] start = start(content, 3);
        Charset charset = StandardCharsets.UTF_8;
        if (starts(start, 0xef, 0xbb, 0xbf)) {
            content.skipNBytes(3);
        } else if (starts(start, 0xfe, 0xff)) {
            content.skipNBytes(2);
            charset = StandardCharsets.UTF_16BE;
        } else if (starts(start, 0xff, 0xfe)) {
            content.skipNBytes(2);
            charset = StandardCharsets.UTF_16LE;
        } else if (format.charset() != null) {
            charset = format.charset();
        } else if (named != null) {
            charset = named;
        }
        if (charset.equals(StandardCharsets.UTF_8)) {
            content.transferTo(to);
            return;
        }
        // Malformed bytes become U+FFFD: one bad character must not cost the rest.
        Reader reader = new InputStreamReader(content, charset);
        Writer writer = new OutputStreamWriter(to, StandardCharsets.UTF_8);
        reader.transferTo(writer);
        writer.flush();
    }

    private static byte[] start(InputStream content, int count) throws IOException {
        content.mark(count);
        byte[] start = content.readNBytes(count);
        content.reset();
        return start;
    }

    private static boolean starts(byte[] start, int... mark) {
        if (start.length < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((start[i] & 0xff) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }

    /** A small archive can hold a file without end. */
    private final class Bounded extends OutputStream {
        private final OutputStream to;
        private long bytes;

        Bounded(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int from, int count) throws IOException {
            bytes += count;
            if (bytes > format.maxBytes()) {
                throw new TooLargeException();
            }
            to.write(buffer, from, count);
        }

        @Override
        public void close() throws IOException {
            to.close();
        }
    }
}
