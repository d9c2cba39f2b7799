package io.tributary.integrations.declarative;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.util.StreamReaderDelegate;
import org.jspecify.annotations.Nullable;

/**
 * The elements of an XML file at a path, without namespaces. An element with text alone is that text; any other is an
 * object of its attributes, with an {@code @} before their names, and of its elements, which are lists where there are
 * several of a name; its text is {@code #text}. A part begins at a number of records, since an XML file cannot be read
 * from a place in its middle. Declared entities and external ones are not resolved.
 *
 * @param path names of the elements from the outermost on
 * @param utf8 whether it is in UTF-8, whatever its declaration says
 */
record XmlRecords(List<String> path, boolean utf8) implements ReadRecords {

    private static final int DEEPEST = 100;

    @Override
    public Part read(Path file, FilePosition from, int most) throws IOException {
        try (var bytes = new Steps(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            XMLStreamReader reader = utf8
                    ? factory().createXMLStreamReader(bytes, StandardCharsets.UTF_8.name())
                    : factory().createXMLStreamReader(bytes);
            return read(
                    new StreamReaderDelegate(reader) {
                        @Override
                        public int next() throws XMLStreamException {
                            bytes.count = 0;
                            return super.next();
                        }
                    },
                    from.records(),
                    most);
        } catch (XMLStreamException e) {
            if (e.getNestedException() instanceof UnreadableException tooLarge) {
                throw tooLarge;
            }
            if (e.getNestedException() instanceof ClosedByInterruptException interrupted) {
                throw interrupted;
            }
            // Without its text, which quotes the file.
            throw new UnreadableException("it is no XML"
                    + (e.getLocation() == null
                            ? ""
                            : " at line " + e.getLocation().getLineNumber()));
        }
    }

    /** The parser keeps a comment, an attribute or a CDATA section as a whole: this bounds each of its steps. */
    private static final class Steps extends FilterInputStream {
        private long count;

        Steps(InputStream bytes) {
            super(bytes);
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            add(1);
            return next;
        }

        @Override
        public int read(byte[] buffer, int from, int most) throws IOException {
            int bytes = super.read(buffer, from, most);
            add(Math.max(0, bytes));
            return bytes;
        }

        private void add(int bytes) throws UnreadableException {
            count += bytes;
            if (count > LARGEST) {
                throw new UnreadableException("a part of it has more than " + LARGEST + " bytes");
            }
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false); // A text may be as large as the file.
        return factory;
    }

    private Part read(XMLStreamReader reader, long skip, int most) throws XMLStreamException, UnreadableException {
        var records = new ArrayList<@Nullable Object>();
        var open = new ArrayDeque<String>();
        var size = new Size();
        long passed = 0;
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                open.addLast(reader.getLocalName());
                if (isRecord(open)) {
                    if (records.size() == most || size.bytes >= MOST_BYTES) {
                        return new Part(records, 0, false);
                    }
                    boolean isNew = passed++ >= skip;
                    Object value = element(reader, isNew ? size : null, 0);
                    open.removeLast();
                    if (isNew) {
                        records.add(value);
                    }
                }
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                open.removeLast();
            }
        }
        return new Part(records, 0, true);
    }

    private boolean isRecord(Deque<String> open) {
        return open.size() == path.size() && List.copyOf(open).equals(path);
    }

    /** How much has been taken. */
    private static final class Size {
        private long bytes;
        private long ofRecord;

        void add(int characters, int depth) throws UnreadableException {
            ofRecord = depth == 0 ? characters : ofRecord + characters;
            bytes += characters;
            if (ofRecord > LARGEST) {
                throw new UnreadableException("a record has more than " + LARGEST + " characters");
            }
        }
    }

    /** Reads to the end of the element; its value, or null where it is only passed. */
    private static @Nullable Object element(XMLStreamReader reader, @Nullable Size size, int depth)
            throws XMLStreamException, UnreadableException {
        if (depth > DEEPEST) {
            throw new UnreadableException("its elements are nested deeper than " + DEEPEST);
        }
        var fields = new LinkedHashMap<String, @Nullable Object>();
        if (size != null) {
            size.add(32, depth);
            for (int i = 0; i < reader.getAttributeCount(); i++) {
                size.add(64 + reader.getAttributeValue(i).length(), 1);
                fields.put("@" + reader.getAttributeLocalName(i), reader.getAttributeValue(i));
            }
        }
        var text = new StringBuilder();
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    String name = reader.getLocalName();
                    Object value = element(reader, size, depth + 1);
                    if (size != null) {
                        add(fields, name, value);
                    }
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (size != null) {
                        size.add(reader.getTextLength(), 1);
                        text.append(reader.getText());
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    return size == null ? null : value(fields, text.toString().strip());
                }
                default -> {}
            }
        }
        throw new UnreadableException("it ends within an element");
    }

    private static Object value(Map<String, @Nullable Object> fields, String text) {
        if (fields.isEmpty()) {
            return text;
        }
        if (!text.isEmpty()) {
            fields.put("#text", text);
        }
        return fields;
    }

    private static void add(Map<String, @Nullable Object> fields, String name, @Nullable Object value) {
        Object before = fields.get(name);
        if (before instanceof ArrayList<?> list) {
            @SuppressWarnings("unchecked")
            var more = (ArrayList<@Nullable Object>) list;
            more.add(value);
        } else if (before == null) {
            fields.put(name, value);
        } else {
            var both = new ArrayList<@Nullable Object>();
            both.add(before);
            both.add(value);
            fields.put(name, both);
        }
    }
}
