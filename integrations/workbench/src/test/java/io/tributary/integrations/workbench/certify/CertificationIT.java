package io.tributary.integrations.workbench.certify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.integrations.workbench.certify.ShelfIntegration.Bug;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract, against an integration that keeps to it, and against ones that do not. */
class CertificationIT {

    private static final String SHELF = """
        config: {paging: %s}
        collections:
          - path: /books
            %s
            pageSize: 3
            since: {parameter: since}
            before: {parameter: before}
            detail: "/books/{id}"
            record: {id: "{id}", updated: "{updatedAt}"}
            detailRecord: {id: "{id}", title: "{text}", version: "{version}", updated: "{updatedAt}"}
            externalId: "book:{id}"
            deletions: {style: flagged, field: deleted, value: true}
        connect: {path: /me, answer: {id: shelf-7}}
        quotas:
          - {name: 429 without a time, answer: {status: 429, headers: {Retry-After: "7"}}, waitSeconds: 7}
        """;

    private static Certification certification(String paging, Bug bug) {
        ApiDescription shelf = ApiDescription.parse(SHELF.formatted(
                paging,
                switch (paging) {
                    case "cursor" -> "paging: {style: cursor, next: meta.next}\n    records: books";
                    case "header" -> "paging: {style: header, next: X-Next}\n    records: books";
                    case "page" ->
                        "paging: {style: page, more: meta.more}\n    beside: {meta: {paged: true}}\n    records: books";
                    case "offset" -> "paging: {style: offset, more: meta.more}\n    records: books";
                    case "url" -> "paging: {style: url, next: meta.next}\n    records: books";
                    case "link" -> "paging: {style: link}";
                    default -> throw new IllegalArgumentException(paging);
                }));
        return Certification.of(() -> new DescribedProvider(shelf, () -> new ShelfIntegration(bug)));
    }

    @TestFactory
    Stream<DynamicTest> theShelfKeepsToTheContract() {
        ApiDescription shelf = ApiDescription.parse(
                SHELF.formatted("cursor", "paging: {style: cursor, next: meta.next}\n    records: books"));
        return Certification.of(() -> new DescribedProvider(shelf, () -> new ShelfIntegration(Bug.NONE)))
                .checks()
                .stream()
                .map(check -> DynamicTest.dynamicTest(
                        check.name(), () -> assertThat(check.run()).isNotInstanceOf(Outcome.Failed.class)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"header", "page", "offset", "url", "link"})
    void pagesInEachStyle(String paging) throws InterruptedException {
        assertThat(certification(paging, Bug.NONE).checks().stream()
                        .filter(check -> check.name().contains("item"))
                        .map(CertificationIT::result))
                .hasSizeGreaterThan(6)
                .allMatch(result -> !(result instanceof Outcome.Failed));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        READS_ONE_PAGE                 | a full sync brings every item once
        SENDS_CURSORS_AS_THEY_ARE      | a cursor with reserved characters comes back whole
        REMEMBERS_WHAT_FAILED          | an outage at any request loses nothing
        MAKES_IDS_UP                   | two accounts know an item by the same id
        TAKES_HTML_FOR_AN_EMPTY_LIST   | HTML in place of JSON is no answer and loses nothing
        TAKES_HTML_FOR_AN_EMPTY_LIST   | malformed JSON is no answer and loses nothing
        TELLS_THE_TOKEN                | no credential gets out
        REPEATS_WHAT_THE_PROVIDER_SAYS | no credential gets out when the provider echoes it
        TAKES_REFUSALS_FOR_PASSING     | revoked access is Unauthorized
        TAKES_REFUSALS_FOR_PASSING     | an expired token is renewed once, and the run goes on
        PAYS_ATTEMPTS_FOR_WAITS        | 429 with Retry-After in seconds waits so long and costs no attempt
        PAYS_ATTEMPTS_FOR_WAITS        | 429 with Retry-After as a date waits until then and costs no attempt
        PAYS_ATTEMPTS_FOR_WAITS        | 403 with an exhausted quota waits for the next one and costs no attempt
        ASKS_FOR_THE_STATE_AT_THE_END  | items added or changed between two tasks are not lost
        ASKS_FOR_THE_STATE_AT_THE_END  | items added or changed between two requests are not lost
        CALLS_NEWS_EVERYTHING          | exactly the new items come
        FORGETS_WHAT_IT_SAW            | a second sync brings nothing
        FORGETS_WHAT_IT_SAW            | a second sync asks little
        FAILS_WHEN_NOTHING_IS_NEW      | a second sync asks little
        IGNORES_DELETIONS              | deleted items go, and no other
        IGNORES_FORCE                  | a forced run brings everything again
        MOVES_THE_STATE_OF_RANGES      | a run over a range keeps to it and leaves the state alone
        READS_BYTES_AS_LATIN           | hostile text arrives and harms no other item
        BELIEVES_EVERY_CHARSET         | a wrong charset changes no text
        HAS_NO_BASE_URL                | the config schema is valid, explains every key and takes the config
        HAS_TWO_TOKEN_URLS             | the config schema is valid, explains every key and takes the config
        """)
    void findsWhatIsWrong(Bug bug, String name) throws InterruptedException {
        assertThat(check(name, bug).run()).isInstanceOf(Outcome.Failed.class);
    }

    private static Check check(String name, Bug bug) {
        return certification("cursor", bug).checks().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void saysWhatTheDoubleDidNotUnderstand() throws InterruptedException {
        Outcome outcome = check("a full sync brings every item once", Bug.SENDS_CURSORS_AS_THEY_ARE)
                .run();

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.why())
                                .startsWith("the run failed")
                                .contains("did not come back as it was given"));
    }

    @Test
    void saysWhereACheckFailed() throws InterruptedException {
        Outcome outcome = check("a crash after any task of a full sync changes nothing", Bug.MAKES_IDS_UP)
                .run();

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class, failed -> assertThat(failed.why()).startsWith("after task 1: "));
    }

    @Test
    void reportsEachCheckOnALine() throws InterruptedException {
        CertificationReport report = certification("link", Bug.READS_ONE_PAGE).run();

        assertThat(report.isCertified()).isFalse();
        assertThat(report.text().lines().filter(line -> line.matches("(passed|FAILED|n/a   ) .*")))
                .hasSize(report.results().size());
        assertThat(report.text())
                .startsWith("Certification of shelf 1.0.0\n")
                .contains("a full sync brings every item once (the run brought")
                .contains("a cursor with reserved characters comes back whole (pages are asked for by number or URL)")
                .contains("not certified");
    }

    /** {@code \n} is a line break; a message after {@code ^} is how it begins. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        collections:\\n  - path: /books\\n    pagesize: 3\\n | ^collections[0]: there is no key 'pagesize'; there are [afterId, before,
        collections:\\n  - {path: /b, paging: {style: cursr}}\\n | ^collections[0].paging.style: it cannot be 'cursr'; it can be [NONE, PAGE,
        collections:\\n  - {path: /b, record: {id: '{nr}'}}\\n | ^collections[0]: there is no {nr}; there are id, number,
        collections: [{path: '/a/{parent}', of: /b}, {path: /b}] | no collection /b before that of /a/{parent}
        collections: [\\n | line 2
        collections:\\n  - {path: /books, paging: {style: cursor}}\\n | paging needs next
        collections:\\n  - {path: /b, deletions: {style: flagged}}\\n | deletions need the field
        collections:\\n  - {path: /b, paging: cursor}\\n | ^collections[0].paging: it is not written like this
        without: {TEXT: }\\ncollections: [{path: /b}] | without needs a reason
        quotas: [{name: burst}]\\ncollections: [{path: /b}] | a quota needs a name, an answer and waitSeconds
        config: {} | collection
        """)
    void pointsToWhatADescriptionGetsWrong(String yaml, String message) {
        var refused = assertThatThrownBy(() -> ApiDescription.parse(yaml.replace("\\n", "\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("io.tributary");
        if (message.startsWith("^")) {
            refused.hasMessageStartingWith(message.substring(1));
        } else {
            refused.hasMessageContaining(message);
        }
    }

    private static Outcome result(Check check) {
        try {
            return check.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
