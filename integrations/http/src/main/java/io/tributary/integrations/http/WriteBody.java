package io.tributary.integrations.http;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.TaskFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** Writes the body of a response into the file that its request names, as it arrives. */
final class WriteBody {

    private static final int BUFFER = 64 * 1024;

    private WriteBody() {}

    /**
     * @throws IOException when the body cannot be read
     * @throws TaskFailure.Transient {@code <domain>.downloadFailed} when the file cannot be written
     */
    static void of(String domain, HttpRequest request, InputStream body) throws IOException, TaskFailure {
        var buffer = new byte[BUFFER];
        long bytes = 0;
        try (OutputStream file = open(domain, request)) {
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                bytes += count;
                if (bytes > request.maxBytes()) {
                    throw tooLarge(domain, request, request.maxBytes());
                }
                write(domain, file, buffer, count);
            }
        }
    }

    /** The same for a body that is in memory, such as that of a recording. */
    static void of(String domain, HttpRequest request, byte[] body) throws TaskFailure {
        try {
            of(domain, request, new ByteArrayInputStream(body));
        } catch (IOException e) {
            throw failed(domain, e);
        }
    }

    private static OutputStream open(String domain, HttpRequest request) throws TaskFailure {
        try {
            // Not CREATE: a file that somebody has removed would come back for everybody to read.
            return Files.newOutputStream(
                    Objects.requireNonNull(request.into()),
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw failed(domain, e);
        }
    }

    private static void write(String domain, OutputStream file, byte[] buffer, int count) throws TaskFailure {
        try {
            file.write(buffer, 0, count);
        } catch (IOException e) {
            throw failed(domain, e);
        }
    }

    private static TaskFailure.Transient failed(String domain, IOException e) {
        return new TaskFailure.Transient(
                domain + ".downloadFailed",
                "The download cannot be written to the disk of the worker ("
                        + e.getClass().getSimpleName() + ").",
                e);
    }

    static TaskFailure.Permanent tooLarge(String domain, HttpRequest request, long most) {
        return new TaskFailure.Permanent(
                domain + ".answerTooLarge", "The answer to " + request + " is larger than " + most + " bytes.", null);
    }
}
