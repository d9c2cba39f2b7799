package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every problem has a line, a column, and says what to do. */
class InvalidFilesTest {

    private static final String GOOD = """
            domain: shop
            version: 1.0.0
            displayName: Shop
            baseUrl: https://shop.example
            streams:
              items:
                request: {path: /items}
                output: {id: id}
            """;

    private static List<String> problems(String yaml) {
        InvalidFileException e =
                catchThrowableOfType(InvalidFileException.class, () -> DeclarativeIntegration.parse("shop.yaml", yaml));
        assertThat(e).as("it is taken").isNotNull();
        return e.problems().stream().map(String::valueOf).toList();
    }

    @Test
    void takesAFileThatIsWell() throws InvalidFileException {
        var manifest = DeclarativeIntegration.parse("shop.yaml", GOOD).manifest();

        assertThat(manifest.domain()).isEqualTo("shop");
        assertThat(manifest.syncTypes()).extracting("name", "initialTask").hasSize(1);
        assertThat(manifest.configSchema()).contains("\"baseUrl\"").contains("https://shop.example");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            version: 1.0.0                  | version: 1.0                         | 2:10: a number found, string expected: write it in quotes
            version: 1.0.0                  | versoin: 1.0.0                       | 2:1: there is no key 'versoin' here; did you mean 'version'?
            {path: /items}                  | {path: /items, mehtod: GET}          | 7:29: there is no key 'mehtod' here; did you mean 'method'?
            {path: /items}                  | {path: items}                        | 7:21: it must be otherwise. Below baseUrl, with a slash
            {path: /items}                  | {}                                   | 7:5: 'path' is missing: add it
            {path: /items}                  | {path: /items, method: PATCH}        | 7:37: it must be one of ["GET","POST"]
            {path: /items}                  | {path: "/${config.}"}                | 7:31: the expression is wrong
            {path: /items}                  | {path: "/${confg.a}/${$confg.a}"}    | 7:36: there is no variable or function $confg
            {path: /items}                  | {path: "/${config.a"}                | 7:23: the expression has no end: close it with }
            output: {id: id}                | output: {id: "id["}                  | 8:21: the expression is wrong
            output: {id: id}                | output: {id: id, kind: thing}        | 8:28: it must be one of ["content","activity","deletion"]
            output: {id: id}                | output: {id: id, unify: {kind: pots}} | 8:36: it must be one of ["post","comment","message","person","metric"]
            output: {id: id}                | output: {id: id, unify: {kind: post, auther: a}} | 8:42: there is no key 'auther' here; did you mean 'author'?
            output: {id: id}                | output: {id: id, unify: {kind: post, text: "a["}} | 8:50: the expression is wrong
            output: {id: id}                | output: {id: id, unify: {kind: post, values: {a: a}}} | 8:50: a post has no 'values'
            output: {id: id}                | output: {id: id, kind: activity, unify: {kind: post}} | 8:28: the kind of a unified output is that under unify
            output: {id: id}                | output: {id: id, timestamp: t, unify: {kind: metric}} | 8:50: a metric needs values
            output: {id: id}                | output: {id: id, unify: {kind: metric, values: {a: a}}} | 8:36: a metric needs a time
            output: {id: id}                | pagination: {type: none}             | 6:3: the stream has neither output nor children
            output: {id: id}                | forEach: {itmes: "$config.a"}        | 8:15: there is no key 'itmes' here; did you mean 'items'?
            output: {id: id}                | incremental: {type: leaveOutKnow}    | 8:25: it must be one of
            output: {id: id}                | pagination: {type: page}             | 8:5: 'parameter' is missing: add it
            output: {id: id}                | children: [{stream: itms, with: {}}] | 8:25: there is no stream 'itms'; there are [items]
            output: {id: id}                | children: [{stream: items, with: {}}] | 8:25: 'items' leads back to 'items': it would never end
            streams:                        | `limits: {attempts: 0}\\nstreams:`   | 5:1: attempts is 0; it must be 1 to 100
            streams:                        | `syncTypes: {a: {streams: [x]}}\\nstreams:` | 5:26: there is no stream 'x'; there are [items]
            streams:                        | `syncTypes: {a: {streams: [items], every: 5s}}\\nstreams:` | 5:42: the least is 10s
            streams:                        | `syncTypes: {a: {streams: [items], every: often}}\\nstreams:` | 5:42: it must be otherwise. How often by default
            streams:                        | `auth: {type: oauth2}\\nstreams:`     | 5:1: 'authorizeUrl' is missing: add it
            streams:                        | `auth: {type: oauth2, grant: clientCredentials}\\nstreams:` | 5:1: 'tokenUrl' is missing: add it
            streams:                        | `auth: {type: oauth2, grnat: jwtBearer, tokenUrl: "https://a.b/t"}\\nstreams:` | 5:22: there is no key 'grnat' here; did you mean 'grant'?
            streams:                        | `auth: {type: session, logni: {token: t}}\\nstreams:` | 5:23: there is no key 'logni' here; did you mean 'login'?
            streams:                        | `auth: {type: session}\\nstreams:`     | 5:1: 'login' is missing: add it
            streams:                        | `auth: {type: bearer, sign: {credential: s, text: path}}\\nstreams:` | 5:22: 'header' is missing: add it
            output: {id: id}                | incremental: {type: windows, setp: 1d, firstWindow: 1d} | 8:34: there is no key 'setp' here; did you mean 'step'?
            output: {id: id}                | incremental: {type: windows}         | 8:5: 'firstWindow' is missing: add it
            output: {id: id}                | `incremental: {type: windows, firstWindow: 9d, step: 36h, format: date}\\n    output: {id: id}` | 8:57: with format date, windows are whole days
            output: {id: id}                | `incremental: {type: windows, firstWindow: 9d, zone: Mars}\\n    output: {id: id}` | 8:57: there is no such time zone
            output: {id: id}                | `format: cvs\\n    output: {id: id}`  | 8:13: it must be one of ["json","jsonLines","csv","xml"]
            output: {id: id}                | `format: {type: csv, delimitr: ";"}\\n    output: {id: id}` | 8:25: there is no key 'delimitr' here; did you mean 'delimiter'?
            output: {id: id}                | `format: xml\\n    output: {id: id}`  | 8:13: 'path' is missing: add the names
            output: {id: id}                | `format: csv\\n    pagination: {type: link}\\n    output: {id: id}` | 9:17: a file is one page
            output: {id: id}                | `report: {create: {request: {path: /r}, id: id}, pol: {}}\\n    output: {id: id}` | 8:53: there is no key 'pol' here; did you mean 'poll'?
            output: {id: id}                | `report: {create: {request: {path: /r}, id: id}, poll: {request: {path: /r}, done: d, every: 9m}}\\n    output: {id: id}` | 8:97: the most is 1m
            output: {id: id}                | `report: {create: {request: {path: /r}, id: id}, poll: {request: {path: /r}, done: d, every: 0s}}\\n    output: {id: id}` | 8:97: the least is 1s
            output: {id: id}                | `fliter: id\\n    output: {id: id}`   | 8:5: there is no key 'fliter' here; did you mean 'filter'?
            streams:                        | `errors: [{status: 404, failure: permanent}]\\nstreams:` | 5:10: 'message' is missing: add it
            domain: shop                    | domain: Shop                         | 1:9: it must be otherwise. Its identity
            displayName: Shop               | `displayName: Shop\\ndomain: shop`   | 4:1: 'domain' is here twice: remove one
            displayName: Shop               | `displayName: "Shop`                 | 3:14: this is not YAML: found unexpected end of stream
            """)
    void saysWhereAFileIsWrongAndWhatToDo(String good, String bad, String problem) {
        assertThat(problems(GOOD.replace(good, bad.replace("\\n", "\n")))).anyMatch(each -> each.startsWith(problem));
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        assertThat(problems(GOOD.replace("{path: /items}", "{path: '/${a +}'}")
                        .replace("{id: id}", "{id: 'x[', name: ')'}")))
                .hasSize(3);
        assertThat(problems("domain: Shop\nstreams: {}\n")).hasSizeGreaterThan(3);
    }

    @Test
    void refusesListsThatCannotNameEverything() {
        String yaml =
                GOOD.replace("streams:\n", "syncTypes: {a: {streams: [items], listsEverything: true}}\nstreams:\n")
                        + "    conditional: true\n    incremental: {type: since, value: changed}\n";

        assertThat(problems(yaml))
                .anyMatch(problem -> problem.startsWith("10:18: an unchanged list names nothing"))
                .anyMatch(problem -> problem.startsWith("11:18: a list of what is new does not name everything"));
    }

    @Test
    void readsAliasesButNotWithoutEnd() {
        assertThat(problems("a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
                        + "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
                        + "e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]\n"))
                .hasSize(1);
        assertThat(problems("a: &a [*a]\n")).hasSize(1);
        assertThat(problems("")).hasSize(1);
        assertThat(problems("just text")).hasSize(1);
    }

    @Test
    void refusesWhatIsNestedTooDeep() {
        assertThat(problems("a: " + "[".repeat(100_000))).containsExactly("1:1: the file is nested too deep");
    }

    @Test
    void namesTheFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("bad.yaml"), GOOD.replace("shop.example", "ä.example"), StandardCharsets.ISO_8859_1);

        InvalidFileException e =
                catchThrowableOfType(InvalidFileException.class, () -> DeclarativeIntegration.read(file));

        assertThat(e).hasMessage("bad.yaml:1:1: the file is not UTF-8: save it as UTF-8");
    }
}
