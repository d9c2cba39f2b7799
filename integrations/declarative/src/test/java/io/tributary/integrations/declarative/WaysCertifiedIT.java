package io.tributary.integrations.declarative;

import io.tributary.integrations.testkit.CertifiedTests;
import io.tributary.integrations.workbench.certify.ApiDescription;
import io.tributary.integrations.workbench.certify.DescribedProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Certifies files that ask for new items in other ways than the files of {@link ShippedFilesCertifiedIT}, each with a
 * provider that works in this way.
 */
class WaysCertifiedIT {

    private static final String HEAD = """
        domain: shop
        version: 1.0.0
        displayName: Shop
        baseUrl: https://api.shop.example
        auth: {type: basic}
        """;

    /** A cursor that outlives the sync, such as that of Zendesk's incremental exports. */
    @TestFactory
    Stream<DynamicTest> readsWhatChangedSinceACursor() throws InvalidFileException {
        return certified("""
            streams:
              orders:
                request: {path: /changes, query: {cursor: "${page.cursor ? page.cursor : cursor}"}}
                records: orders
                pagination: {type: cursor, next: cursor.after, hasMore: $not(cursor.last)}
                incremental: {type: cursor, next: cursor.after}
                output:
                  id: "'order:' & $string(id)"
                  timestamp: changed
                  deletedWhen: state = 'deleted'
                  name: title
                  metadata: {state: state, changed: changed}
            """, """
            auth: {style: basic}
            collections:
              - path: /changes
                records: orders
                paging: {style: changes, next: cursor.after, last: cursor.last}
                id: "{number}"
                record: {id: "{number}", title: "{text}", changed: "{updatedAt}"}
                externalId: "order:{number}"
                deletions: {style: flagged, field: state, value: deleted}
            without: {RANGES: changes cannot be asked for from a time on}
            """);
    }

    /** Everything each time, a hundred a page; what is not there any more is gone. */
    @TestFactory
    Stream<DynamicTest> readsAListOfEverything() throws InvalidFileException {
        return certified("""
            syncTypes: {default: {streams: [orders], listsEverything: true}}
            streams:
              orders:
                request: {path: /orders}
                pagination: {type: page, parameter: page, size: 100, sizeParameter: limit}
                output: {id: id, timestamp: changed, name: title, metadata: {changed: changed}}
            """, """
            auth: {style: basic}
            collections:
              - path: /orders
                paging: {style: page}
                order: created_first_first
                record: {id: "{id}", title: "{text}", changed: "{updatedAt}"}
            without: {MEMORY: the list is always all there is, RANGES: a list cannot be asked for from a time on}
            mostRequestsWhenNothingIsNew: 5
            """);
    }

    /** Changes are asked for by ranges of a day. */
    @TestFactory
    Stream<DynamicTest> readsChangesInWindows() throws InvalidFileException {
        return certified("""
            streams:
              orders:
                request: {path: /orders, query: {changedFrom: "${since}", changedBefore: "${until}"}}
                pagination: {type: page, parameter: page, size: 100, sizeParameter: limit}
                incremental: {type: windows, step: 1d, firstWindow: 3d, lookback: 1d}
                output: {id: id, timestamp: changed, name: title, metadata: {changed: changed}}
            """, """
            auth: {style: basic}
            collections:
              - path: /orders
                paging: {style: page}
                order: updated_first_first
                since: {parameter: changedFrom}
                before: {parameter: changedBefore}
                record: {id: "{id}", title: "{text}", changed: "{updatedAt}"}
            without:
              DELETIONS: a list does not show what is gone
              MEMORY: what changed in the last day comes again
            mostRequestsWhenNothingIsNew: 6
            """);
    }

    /** A login with name and password, and a token in a header of the provider's own. */
    @TestFactory
    Stream<DynamicTest> logsInAndSendsTheTokenOfTheSession() throws InvalidFileException {
        return certified(HEAD.replace("auth: {type: basic}", """
            auth:
              type: session
              header: X-Session
              login:
                request:
                  method: POST
                  path: /login
                  body: {username: "${credentials.username}", password: "${credentials.password}"}
                token: token
            """.strip()), """
            streams:
              orders:
                request: {path: /orders, query: {changedFrom: "${since}", changedBefore: "${until}"}}
                pagination: {type: page, parameter: page, size: 100, sizeParameter: limit}
                incremental: {type: since, value: changed}
                output: {id: id, timestamp: changed, name: title, metadata: {changed: changed}}
            """, """
            auth: {style: session, name: X-Session}
            collections:
              - path: /orders
                paging: {style: page}
                order: updated_first_first
                since: {parameter: changedFrom}
                before: {parameter: changedBefore}
                record: {id: "{id}", title: "{text}", changed: "{updatedAt}"}
            without: {DELETIONS: a list does not show what is gone}
            mostRequestsWhenNothingIsNew: 2
            """);
    }

    private static Stream<DynamicTest> certified(String file, String description) throws InvalidFileException {
        return certified(HEAD, file, description);
    }

    private static Stream<DynamicTest> certified(String head, String file, String description)
            throws InvalidFileException {
        var provider = ApiDescription.parse(description);
        var integration = DeclarativeIntegration.parse("shop.yaml", head + file).withPagesOf(provider.pageSize());
        return CertifiedTests.of(() -> new DescribedProvider(provider, () -> integration));
    }
}
