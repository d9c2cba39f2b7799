package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.LocalContext;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are files: their kinds, charsets and archives, and how a file is read over several tasks. */
class FilesIT {

    private static final String CSV = """
        id;name;changed
        1;"Grüße; an ""alle""\";2026-05-01T12:00:01Z

        2;"two
        lines";2026-05-01T12:00:02Z
        3;short
        """;

    private final Shop shop = new Shop();

    @AfterEach
    void close() {
        shop.close();
    }

    private ConnectedAccount account(String format) {
        return shop.accountOf(Shop.HEAD + """
              items:
                request: {path: /export}
                format: %s
                output: {id: id, name: name, timestamp: changed}
            """.formatted(format));
    }

    private void answer(String type, byte[] body) {
        shop.http.get("/export", request -> ScriptedAnswer.status(200).body(type, body));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> names(InMemoryRun run) {
        return run.outputs().stream().map(Output::name).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "ISO-8859-1", "UTF-16", "windows-1252"})
    void readsRowsWithQuotesInAnyCharset(String charset) throws Exception {
        answer("text/csv; charset=\"" + charset + "\"", CSV.getBytes(Charset.forName(charset)));

        var run = account("{type: csv, delimiter: \";\"}").sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(names(run)).containsExactly("Grüße; an \"alle\"", "two\nlines", "short");
        assertThat(run.outputs().get(2).externalTimestamp()).isNull();
    }

    @Test
    void takesTheCharsetOfTheFileBeforeThatOfTheAnswerAndAMarkBeforeBoth() throws Exception {
        answer("text/csv; charset=utf-8", CSV.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(names(account("{type: csv, delimiter: \";\", charset: ISO-8859-1}")
                        .sync()))
                .contains("Grüße; an \"alle\"");

        answer("text/csv", utf8("\ufeff" + CSV));
        assertThat(names(account("{type: csv, delimiter: \";\", charset: ISO-8859-1}")
                        .sync()))
                .contains("Grüße; an \"alle\"");
    }

    @Test
    void readsRowsWithoutHeaderAndQuotesAfterAPreamble() throws Exception {
        answer("text/tab-separated-values", utf8("Report of May\r\n\r\n7\t\"seven\r8\t8\"\textra\r\n"));

        var run = account("{type: csv, delimiter: \"\\t\", quote: \"\", skipLines: 1, columns: [id, name]}")
                .sync();

        assertThat(names(run)).containsExactly("\"seven", "8\"");
    }

    @Test
    void readsLinesOfJsonAndABrokenOneCostsItself() throws Exception {
        answer("application/x-ndjson", utf8("{\"id\":1,\"name\":\"a\"}\n\n{\"id\":2,\n{\"id\":3,\"name\":\"c\"}"));

        var run = account("jsonLines").sync();

        assertThat(names(run)).containsExactly("a", "c");
        assertThat(run.failureCodes()).containsExactly("shop.expressionFailed");
    }

    @Test
    void readsElementsOfXmlAndNoEntities() throws Exception {
        answer("text/xml", ("""
                <?xml version="1.0" encoding="ISO-8859-1"?>
                <x:report xmlns:x="urn:x"><rows>
                  <row><id>1</id><name><![CDATA[Grüße & Co]]></name></row>
                  <x:row id="a"><id>2</id><name lang="de">zwei</name><name>two</name></x:row>
                </rows><row><id>9</id></row></x:report>
                """.replaceFirst("\n\\s*<x", "<x")).getBytes(StandardCharsets.ISO_8859_1));
        var run = shop.accountOf(Shop.HEAD + """
              items:
                request: {path: /export}
                format: {type: xml, path: report.rows.row}
                output: {id: id, name: "$string(name[0].`#text` ? name[0].`#text` & '/' & name[1] : name)"}
            """).sync();

        assertThat(names(run)).containsExactly("Grüße & Co", "zwei/two");

        answer("text/xml", utf8("""
                <!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]><r><row><id>1</id><name>&e;</name></row></r>"""));
        var hostile = account("{type: xml, path: r.row}").sync();
        assertThat(names(hostile)).allMatch(String::isEmpty);
    }

    @Test
    void takesTheCharsetOfTheFileBeforeThatOfXml() throws Exception {
        String xml = "<?xml version=\"1.0\" encoding=\"%s\"?><r><row><id>1</id><name>5 \u20ac</name></row></r>";
        for (String declared : List.of("windows-1252", "ISO-8859-1")) {
            answer("text/xml", xml.formatted(declared).getBytes(Charset.forName("windows-1252")));

            assertThat(names(account("{type: xml, path: r.row, charset: windows-1252}")
                            .sync()))
                    .containsExactly("5 \u20ac");
        }
    }

    @Test
    void boundsWhatASmallArchiveUnpacksTo() throws Exception {
        answer("application/gzip", gzip("id,name\n" + ",".repeat(4 << 20)));
        assertThat(account("csv").sync().failureCodes()).containsExactly("shop.answerUnreadable");

        String large = "x".repeat(20 << 20);
        answer("application/gzip", gzip("<r><!--" + large + "--><row><id>1</id></row></r>"));
        assertThat(account("{type: xml, path: r.row}").sync().failureCodes()).containsExactly("shop.answerUnreadable");

        answer("application/gzip", gzip("<r><row><id>1</id><name>" + large + "</name></row></r>"));
        assertThat(account("{type: xml, path: r.row}").sync().failureCodes()).containsExactly("shop.answerUnreadable");

        answer("application/gzip", gzip("<r><a>" + large + "</a><row><id>1</id><name>a</name></row></r>"));
        assertThat(names(account("{type: xml, path: r.row}").sync())).containsExactly("a");
    }

    @Test
    void unpacksGzipAndZip() throws Exception {
        answer("application/gzip", gzip(CSV));
        assertThat(names(account("{type: csv, delimiter: \";\"}").sync())).hasSize(3);

        answer("application/zip", zip("readme.txt", "no rows", "rows.csv", CSV));
        assertThat(names(account("{type: csv, delimiter: \";\", entry: .csv}").sync()))
                .hasSize(3);

        var run = account("{type: csv, entry: .xml}").sync();
        assertThat(run.failures())
                .first()
                .isInstanceOfSatisfying(
                        TaskFailure.Transient.class,
                        failure -> assertThat(failure.reason()).contains("the archive has no such file"));
    }

    @Test
    void readsRecordsOfAFileInJson() throws Exception {
        answer("application/gzip", gzip("{\"items\": [{\"id\": 1, \"name\": \"a\"}, {\"id\": 2, \"name\": \"b\"}]}"));
        var account = shop.accountOf(Shop.file("request: {path: /export}\nformat: json"));

        assertThat(names(account.sync())).containsExactly("a", "b");
    }

    @Test
    void goesOnBehindThePartThatATaskHasRead() throws Exception {
        answer("text/csv", utf8(rows(12_000)));

        var run = account("csv").sync();

        assertThat(run.outputs()).hasSize(12_000).extracting(Output::externalId).doesNotHaveDuplicates();
        assertThat(run.tasks("items")).hasSize(3);
        assertThat(shop.asked()).hasSize(1);
    }

    @Test
    void takesTheRestOfAFileInJsonThatIsNoUtf8() throws Exception {
        answer(
                "application/octet-stream",
                "[{\"id\": 1, \"name\": \"a\"}, {\"id\": 2, \"name\": \"\u00fc\"}]"
                        .getBytes(StandardCharsets.ISO_8859_1));

        // Only a file that is in UTF-8 already is taken as it is.
        assertThat(names(account("{type: json, charset: UTF-8}").sync())).containsExactly("a", "\ufffd");
    }

    @Test
    void takesAFileWhoseTypeIsSaidToBeJson() throws Exception {
        answer("application/json", utf8("id,name\n1,a\n"));

        assertThat(names(account("csv").sync())).containsExactly("a");
    }

    @Test
    void saysThatAFileInJsonIsTooLarge() throws Exception {
        answer("application/gzip", gzip("[\"" + "x".repeat(33 << 20) + "\"]"));

        assertThat(account("json").sync().failures())
                .first()
                .isInstanceOfSatisfying(TaskFailure.Permanent.class, failure -> {
                    assertThat(failure.code()).isEqualTo("shop.answerTooLarge");
                    assertThat(failure.reason()).contains("jsonLines");
                });
    }

    @Test
    void endsAPartEarlyWhoseRecordsHaveManyFigures() throws Exception {
        answer(
                "application/x-ndjson",
                utf8(IntStream.rangeClosed(1, 4_000)
                        .mapToObj(id -> "{\"id\": " + id + ", \"of\": {\"a\": 1, \"b\": 2, \"c\": 3, \"d\": 4}}\n")
                        .collect(Collectors.joining())));

        var run = shop.accountOf(Shop.HEAD + """
              items:
                request: {path: /export}
                format: jsonLines
                output: {id: id, timestamp: "'2026-05-01T12:00:00Z'", unify: {kind: metric, values: {shop: of}}}
            """).sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.outputs()).hasSize(20_000);
        assertThat(shop.asked()).hasSize(1);
    }

    @Test
    void downloadsAFileAgainThatAnotherWorkerHas() throws Exception {
        answer("application/gzip", gzip(rows(12_000)));

        assertThat(eachTaskOnAnotherWorker(() -> {})).hasSize(12_000);
        assertThat(shop.asked()).hasSize(3);
    }

    @Test
    void beginsAnewWhereTheProviderHasAnotherFileByThen() throws Exception {
        answer("text/csv", utf8(rows(12_000)));

        List<String> ids = eachTaskOnAnotherWorker(() ->
                answer("text/csv", utf8("id,name\n0,first\n" + rows(13_000).substring(8))));

        assertThat(ids).hasSize(5_000 + 13_001).contains("0", "13000");
    }

    @Test
    void failsWhereTheRestOfAFileIsGone() {
        shop.http.get(
                "/export",
                request -> shop.asked().size() > 1
                        ? ScriptedAnswer.status(404)
                        : ScriptedAnswer.status(200).body("text/csv", utf8(rows(12_000))));

        assertThatThrownBy(() -> eachTaskOnAnotherWorker("request: {path: /export, missing: [404]}", () -> {}))
                .isInstanceOfSatisfying(
                        TaskFailure.Transient.class,
                        failure -> assertThat(failure.code()).isEqualTo("shop.downloadFailed"));
    }

    /** The ids of all outputs; something happens after the first task. */
    private List<String> eachTaskOnAnotherWorker(Runnable afterTheFirst) throws Exception {
        return eachTaskOnAnotherWorker("request: {path: /export}", afterTheFirst);
    }

    private List<String> eachTaskOnAnotherWorker(String request, Runnable afterTheFirst) throws Exception {
        var context = LocalContext.empty()
                .withDomain("shop")
                .withConfig("baseUrl", shop.http.uri().toString());
        var tasks = new ArrayDeque<>(List.of(new FollowUp("items", JsonObject.EMPTY)));
        var ids = new ArrayList<String>();
        int count = 0;
        for (FollowUp next = tasks.poll(); next != null; next = tasks.poll()) {
            var result = Shop.parse(Shop.HEAD + """
                      items:
                        %s
                        format: csv
                        output: {id: id, name: name}
                    """.formatted(request))
                    .run(new Task(next.type(), next.payload(), 1), context.withIdempotencyKey("task" + count));
            result.outputs().forEach(output -> ids.add(output.externalId()));
            tasks.addAll(result.tasks());
            if (count++ == 0) {
                afterTheFirst.run();
            }
        }
        return ids;
    }

    @Test
    void appliesTheRulesToWordsInPlaceOfAFile() throws Exception {
        shop.http.get("/export", request -> ScriptedAnswer.json("error", "busy"));
        var run = shop.accountOf("""
                errors:
                  - {when: body.error = 'busy', failure: permanent, code: busy, message: It is busy.}
                """ + Shop.HEAD + """
              items:
                request: {path: /export}
                format: csv
                output: {id: id}
            """).sync();
        assertThat(run.failureCodes()).containsExactly("shop.busy");

        answer("text/html", utf8("<html>log in</html>"));
        assertThat(account("csv").sync().failureCodes()).containsExactly("shop.answerUnreadable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "jsonLines", "{type: xml, path: r.row}"})
    void saysThatAFileIsCutShort(String format) throws Exception {
        byte[] whole = gzip("<r><row><id>1</id></row></r>\n" + rows(1_000));
        answer("application/octet-stream", Arrays.copyOf(whole, whole.length / 2));

        assertThat(account(format).sync().failureCodes()).containsExactly("shop.answerUnreadable");
    }

    @Test
    void refusesAFileThatUnpacksToMoreThanItMay() throws Exception {
        answer("application/gzip", gzip("x".repeat(2 << 20)));

        assertThat(account("{type: csv, maxMegabytes: 1}").sync().failureCodes())
                .containsExactly("shop.answerTooLarge");
    }

    @Test
    void keepsWhatIsNewOfAFileThatIsReadEachTime() throws Exception {
        answer("text/csv", utf8("id,name,changed\n1,a,2026-05-01T12:00:01Z\n2,b,2026-05-01T12:00:02Z\n"));
        var account = shop.accountOf(Shop.HEAD + """
              items:
                request: {path: /export, query: {since: "${since}"}}
                format: csv
                incremental: {type: since, value: changed}
                output: {id: id, name: name}
            """);
        assertThat(account.sync().outputs()).hasSize(2);

        answer("text/csv", utf8("id,name,changed\n2,b,2026-05-01T12:00:02Z\n3,c,2026-05-01T12:00:03Z\n"));

        assertThat(names(account.sync())).containsExactly("c");
        assertThat(shop.asked()).last().isEqualTo("GET /export?since=2026-05-01T12%3A00%3A02Z");
    }

    private static String rows(int count) {
        return "id,name\n"
                + IntStream.rangeClosed(1, count)
                        .mapToObj(id -> id + ",\"item\n" + id + "\"\n")
                        .collect(Collectors.joining());
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(utf8(text));
        }
        return bytes.toByteArray();
    }

    private static byte[] zip(String... files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < files.length; i += 2) {
                zip.putNextEntry(new ZipEntry(files[i]));
                zip.write(utf8(files[i + 1]));
            }
        }
        return bytes.toByteArray();
    }
}
