package io.tributary.integrations.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of a message: its text, once as plain text and once as HTML as far as it has them, and its attachments. A
 * message within the message is an attachment; its own parts are not looked into.
 *
 * @param text the plain text of all parts, at most {@link Bounds#TEXT_CHARS} characters; null when there is none
 * @param html the same for HTML
 */
public record Body(@Nullable String text, @Nullable String html, List<Attachment> attachments) {

    /** Nothing. */
    static final Body NONE = new Body(null, null, List.of());

    static Body read(Part message, Problems problems) {
        var reader = new Reader(problems);
        reader.read(message, 0);
        return new Body(reader.text.result(), reader.html.result(), List.copyOf(reader.attachments));
    }

    /** Walks the parts depth first, as they come. */
    private static final class Reader {
        private final Problems problems;
        private final Text text = new Text();
        private final Text html = new Text();
        private final List<Attachment> attachments = new ArrayList<>();
        private int parts;

        Reader(Problems problems) {
            this.problems = problems;
        }

        void read(Part part, int depth) {
            parts++;
            if (part.isMultipart() && depth < Bounds.DEPTH) {
                readParts(part, depth);
            } else if (part.isText() || (depth == 0 && part.type().value().startsWith("text/"))) {
                readText(part);
            } else {
                if (part.isMultipart()) {
                    problems.add("multiparts nested deeper than " + Bounds.DEPTH);
                }
                readAttachment(part);
            }
        }

        private void readParts(Part part, int depth) {
            ByteSlice body = part.decodedBody(problems);
            List<ByteSlice> children = split(part, body);
            if (children.isEmpty()) {
                problems.add("multipart without parts");
                append(text, body, part);
                return;
            }
            String defaultType = part.type().value().equals("multipart/digest") ? "message/rfc822" : "text/plain";
            for (ByteSlice child : children) {
                if (parts == Bounds.PARTS) {
                    problems.add("more parts than " + Bounds.PARTS);
                    return;
                }
                read(Part.read(child, defaultType, problems), depth + 1);
            }
        }

        private List<ByteSlice> split(Part part, ByteSlice body) {
            Optional<String> named = part.type().parameter("boundary").filter(boundary -> !boundary.isBlank());
            List<ByteSlice> children = named.map(boundary -> Multipart.split(body, boundary, Bounds.PARTS))
                    .orElse(List.of());
            if (!children.isEmpty()) {
                return children;
            }
            problems.add("multipart without its boundary");
            return Multipart.guessBoundary(body)
                    .map(boundary -> Multipart.split(body, boundary, Bounds.PARTS))
                    .orElse(List.of());
        }

        private void readText(Part part) {
            Text target = part.type().value().equals("text/html") ? html : text;
            if (target.isFull()) {
                problems.add("text cut at " + Bounds.TEXT_CHARS + " characters");
            } else {
                append(target, part.decodedBody(problems), part);
            }
        }

        private void append(Text target, ByteSlice bytes, Part part) {
            target.append(TextDecoding.decode(bytes, part.charset().orElse(null), problems));
            if (target.isFull()) {
                problems.add("text cut at " + Bounds.TEXT_CHARS + " characters");
            }
        }

        private void readAttachment(Part part) {
            if (attachments.size() == Bounds.ATTACHMENTS) {
                problems.add("more attachments than " + Bounds.ATTACHMENTS);
                return;
            }
            String disposition = part.disposition().value();
            attachments.add(new Attachment(
                    part.fileName().or(() -> subject(part)).orElse(null),
                    part.type().value(),
                    TransferEncoding.decodedSize(part.body(), part.transferEncoding(), problems),
                    disposition.isEmpty() ? null : Bounds.cut(disposition, Bounds.VALUE_CHARS),
                    contentId(part)));
        }

        private Optional<String> subject(Part part) {
            if (!part.type().value().equals("message/rfc822")) {
                return Optional.empty();
            }
            return Headers.read(part.decodedBody(problems), problems)
                    .first("Subject")
                    .map(subject -> Envelope.text(subject, problems))
                    .filter(subject -> !subject.isEmpty());
        }

        private static @Nullable String contentId(Part part) {
            return part.headers()
                    .first("Content-ID")
                    .map(id -> Bounds.cut(id.strip().replaceAll("^<|>$", ""), Bounds.VALUE_CHARS))
                    .filter(id -> !id.isEmpty())
                    .orElse(null);
        }
    }

    /** Text that is put together of parts, up to its bound. */
    private static final class Text {
        private final StringBuilder characters = new StringBuilder();
        private boolean any;
        private boolean full;

        void append(String part) {
            String more = (any ? "\n" : "") + part.replace("\r\n", "\n");
            String kept = Bounds.cut(more, Bounds.TEXT_CHARS - characters.length());
            characters.append(kept);
            any = true;
            full = kept.length() < more.length();
        }

        boolean isFull() {
            return full;
        }

        @Nullable
        String result() {
            return any ? characters.toString() : null;
        }
    }
}
