package io.tributary.integrations.declarative;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.declarative.Definition.Stream;
import io.tributary.integrations.declarative.Downloads.Downloaded;
import io.tributary.integrations.declarative.ProviderAnswer.Meaning;
import io.tributary.integrations.declarative.ReadRecords.Part;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a part of a file that the provider answers. The first task downloads and unpacks it; each task reads the
 * records that fit into one result, and the next one goes on behind them. So a file of any size takes the memory of one
 * part. A task that does not find the file on the disk of its worker downloads it again, and begins anew where the
 * provider has another file by now: what was read comes again then. For one task.
 */
record ReadFile(Provider provider, Stream stream, Format format, Downloads downloads) {

    private static final int MOST_RESTARTS = 3;

    /** Most outputs or tasks of a part, less some for its own. */
    private static final int MOST_RESULTS = TaskResult.MAX_FOLLOW_UPS - 100;

    /** Largest file of one JSON value, which is in memory as a whole. */
    private static final long MOST_JSON = 32L << 20;

    /** Largest answer in JSON that is read for what it says in place of a file. */
    private static final int MOST_WORDS = 64 * 1024;

    /**
     * Records of a file.
     *
     * @param at where they begin
     * @param next where the next task goes on; null: this was the last part
     */
    record Taken(
            List<? extends @Nullable Object> records,
            FilePosition at,
            @Nullable FilePosition next) {}

    /** Makes the request of the file, where it has to be downloaded. */
    interface Asked {
        HttpRequest request() throws TaskFailure, ExpressionFailure;
    }

    /** The next part; empty when the provider has no such file, of which nothing was read before. */
    Optional<Taken> take(FilePosition from, Asked request, Scope scope)
            throws TaskFailure, ExpressionFailure, InterruptedException {
        FilePosition position = from;
        Downloaded file = downloads.find(position.key());
        if (file == null || position.hash() != null && !position.hash().equals(file.hash())) {
            file = download(position.key(), request.request(), scope);
            if (file == null && position.hash() != null) {
                throw gone();
            }
            if (file == null) {
                return Optional.empty();
            }
            if (position.hash() != null && !position.hash().equals(file.hash())) {
                position = restarted(position);
            }
        }
        try {
            return Optional.of(read(file, position));
        } catch (ReadRecords.UnreadableException e) {
            downloads.drop(position.key());
            throw unreadable(String.valueOf(e.getMessage()));
        } catch (ClosedByInterruptException e) {
            throw interrupted(e);
        } catch (IOException e) {
            downloads.drop(position.key());
            throw disk(e);
        }
    }

    private Taken read(Downloaded file, FilePosition position) throws IOException, TaskFailure, ExpressionFailure {
        int most = Math.max(1, Math.min(format.most(), MOST_RESULTS / resultsOfARecord()));
        Part part = switch (format.kind()) {
            case CSV -> new CsvRecords(format.csv()).read(file.path(), position, most);
            case JSON_LINES -> new JsonLineRecords().read(file.path(), position, most);
            case XML -> new XmlRecords(format.path(), format.charset() != null).read(file.path(), position, most);
            case JSON -> json(file.path(), position, most);
        };
        FilePosition at = new FilePosition(
                position.key(), file.hash(), position.offset(), position.records(), position.restarts());
        return new Taken(
                part.records(),
                at,
                part.atEnd() ? null : at.after(part.offset(), part.records().size()));
    }

    /** Outputs or tasks of a record; objects of figures make more. */
    private int resultsOfARecord() {
        int outputs = stream.output() != null && stream.output().unify() instanceof Unify.Metrics metrics
                ? 1 + metrics.values().size()
                : 1;
        return Math.max(outputs, stream.children().size());
    }

    private Part json(Path file, FilePosition from, int most) throws IOException, TaskFailure, ExpressionFailure {
        if (Files.size(file) > MOST_JSON) {
            downloads.drop(from.key());
            throw new TaskFailure.Permanent(
                    provider.domain() + ".answerTooLarge",
                    "The file of " + stream.name() + " has more than " + (MOST_JSON >> 20)
                            + " MB of JSON, which is read as a whole: ask for lines of JSON, with format jsonLines.",
                    null);
        }
        // Malformed bytes become U+FFFD: one bad character must not cost the rest.
        Object body = Values.parsed(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        if (body == null) {
            throw new ReadRecords.UnreadableException("it is no JSON");
        }
        Object found = stream.records().of(body, provider.scope());
        if (found == null) {
            throw stream.records()
                    .failed("the answer has no records there; where they may be left out, write it as [...]");
        }
        List<?> all = Values.list(found);
        int begin = (int) Math.min(from.records(), all.size());
        int end = Math.min(begin + most, all.size());
        return new Part(all.subList(begin, end), 0, end == all.size());
    }

    private FilePosition restarted(FilePosition position) throws TaskFailure.Permanent {
        if (position.restarts() >= MOST_RESTARTS) {
            throw new TaskFailure.Permanent(
                    provider.domain() + ".pagesRepeat",
                    "The file of " + stream.name() + " is another one each time it is downloaded.",
                    null);
        }
        return position.restarted();
    }

    /** Null when there is none. */
    private @Nullable Downloaded download(String key, HttpRequest request, Scope scope)
            throws TaskFailure, ExpressionFailure, InterruptedException {
        Path packed = null;
        Path plain = null;
        try {
            packed = downloads.create();
            HttpRequest to = request.into(packed, format.maxBytes());
            if ("application/json".equals(to.headers().get("Accept"))) {
                to = to.header("Accept", "*/*");
            }
            ProviderAnswer answer = provider.send(to, stream.request(), null, scope);
            if (answer.meaning() != Meaning.RECORDS) {
                return null;
            }
            refuseWords(answer, packed, scope);
            plain = downloads.create();
            String hash = new Unpack(format, charset(answer)).of(packed, plain);
            Downloaded file = downloads.keep(key, new Downloaded(plain, hash));
            plain = null;
            return file;
        } catch (Unpack.TooLargeException e) {
            throw new TaskFailure.Permanent(
                    provider.domain() + ".answerTooLarge",
                    "The file of " + stream.name() + " is larger than " + (format.maxBytes() >> 20)
                            + " MB: raise maxMegabytes of its format.",
                    null);
        } catch (Unpack.NoEntryException e) {
            throw unreadable("the archive has no such file");
        } catch (EOFException | ZipException e) {
            throw unreadable("it cannot be unpacked");
        } catch (ClosedByInterruptException e) {
            throw interrupted(e);
        } catch (IOException e) {
            throw disk(e);
        } finally {
            if (packed != null) {
                Downloads.delete(packed);
            }
            if (plain != null) {
                Downloads.delete(plain);
            }
        }
    }

    /** An answer in JSON or HTML is no file of another kind: it says why there is none. */
    private void refuseWords(ProviderAnswer answer, Path file, Scope scope)
            throws IOException, TaskFailure, ExpressionFailure {
        String type = answer.response().header("content-type").orElse("").toLowerCase(Locale.ROOT);
        boolean isOther = format.kind() == Format.Kind.CSV || format.kind() == Format.Kind.XML;
        if (isOther && type.contains("json") && Files.size(file) <= MOST_WORDS) {
            Object words = Values.parsed(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            if (words != null) {
                provider.judge().of(answer.with(words), stream.request(), null, scope);
                throw unreadable("it is JSON");
            }
        }
        if (type.contains("html") && format.kind() != Format.Kind.XML) {
            throw unreadable("it is HTML");
        }
    }

    private static @Nullable Charset charset(ProviderAnswer answer) {
        String type = answer.response().header("content-type").orElse("");
        int at = type.toLowerCase(Locale.ROOT).indexOf("charset=");
        try {
            return at < 0
                    ? null
                    : Charset.forName(type.substring(at + "charset=".length())
                            .split(";", 2)[0]
                            .strip()
                            .replace("\"", ""));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A part of it has been read: the rest is not nothing. */
    private TaskFailure.Transient gone() {
        return new TaskFailure.Transient(
                provider.domain() + ".downloadFailed",
                "The rest of the file of " + stream.name() + " cannot be read: the provider has it no more.",
                null);
    }

    private TaskFailure.Transient unreadable(String why) {
        return new TaskFailure.Transient(
                provider.domain() + ".answerUnreadable",
                "The file of " + stream.name() + " cannot be read: " + why + ".",
                null);
    }

    /** A thread that is interrupted cannot read files, which is no fault of the disk. */
    private static InterruptedException interrupted(IOException e) {
        Thread.interrupted();
        var interrupted = new InterruptedException();
        interrupted.initCause(e);
        return interrupted;
    }

    private TaskFailure.Transient disk(IOException e) {
        return new TaskFailure.Transient(
                provider.domain() + ".downloadFailed",
                "The download of " + stream.name() + " cannot be kept on the disk of the worker ("
                        + e.getClass().getSimpleName() + ").",
                e);
    }
}
