package io.tributary.scheduler.credentials;

import io.tributary.secrets.Keyset;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Seals with the primary key the secrets of older keys, under live traffic: in batches, each row only if it has not
 * changed since it was read. A pass continues where an interrupted one ended; several replicas may run it concurrently.
 * A row that no key opens stays as it is, and is logged. An index finds secrets by their key,
 * so a pass with nothing to do reads none.
 */
@Component
public final class ResealSecrets {

    /** Rows of one batch. */
    static final int BATCH = 200;

    private static final Logger log = LoggerFactory.getLogger(ResealSecrets.class);
    private static final UUID START = new UUID(0, 0);
    private static final byte[] NO_KEY = new byte[0];
    private static final HexFormat HEX = HexFormat.of();

    /** The columns with secrets: each secret is bound to the id of its row. */
    private enum Place {
        CREDENTIALS("user_integration", "credentials"),
        WEBHOOK_SECRETS("webhook", "secret"),
        ENDPOINT_SECRETS("webhook_endpoint", "secret");

        private final String nextKey;
        private final String read;
        private final String write;
        private final String count;

        Place(String table, String column) {
            String key = "substring(%s from 1 for 5)".formatted(column); // as in the index
            nextKey = "select min(%1$s) as key from %2$s where %3$s is not null and %1$s > :after"
                    .formatted(key, table, column);
            read = """
                select id, %1$s as sealed from %2$s
                where %1$s is not null and %3$s = :key and id > :after
                order by id limit :batch\
                """.formatted(column, table, key);
            write = "update %2$s set %1$s = :after where id = :id and %1$s = :before".formatted(column, table);
            count = """
                select encode(%3$s, 'hex') as prefix, count(*) as rows from %2$s
                where %1$s is not null group by 1\
                """.formatted(column, table, key);
        }
    }

    /** The statements that find secrets of older keys. */
    static List<String> searches() {
        return Stream.of(Place.values())
                .flatMap(place -> Stream.of(place.nextKey, place.read))
                .toList();
    }

    private record Row(UUID id, byte[] sealed) {}

    private final JdbcClient jdbc;
    private final Keyset keyset;
    private volatile String known;

    ResealSecrets(JdbcClient jdbc, Keyset keyset) {
        this.jdbc = jdbc;
        this.keyset = keyset;
        this.known = keyset.primary().prefix();
    }

    /** Runs a pass when the primary key has changed. A failure is logged and left to the next call. */
    public void runIfKeyIsNew() {
        String primary = keyset.primary().prefix();
        if (primary.equals(known)) {
            return;
        }
        try {
            run();
            known = primary;
        } catch (DataAccessException e) {
            log.warn("polling.resealFailed: sealing with the new key ended early, the next call goes on", e);
        }
    }

    /** Runs a pass over all secrets; returns how many it sealed with the primary key. */
    int run() {
        int resealed = 0;
        for (Place place : Place.values()) {
            resealed += run(place, keyset.primary());
        }
        if (resealed > 0) {
            log.info("credentials.resealed: secrets sealed with the primary key rows={}", resealed);
        }
        return resealed;
    }

    private int run(Place place, Keyset.Key primary) {
        int resealed = 0;
        byte[] key = nextKey(place, NO_KEY);
        while (key != null && !Thread.currentThread().isInterrupted()) {
            if (!HEX.formatHex(key).equals(primary.prefix())) {
                resealed += run(place, key);
            }
            key = nextKey(place, key);
        }
        return resealed;
    }

    /** The key with the next prefix that has sealed something, found by an index; null: there is none. */
    private byte @Nullable [] nextKey(Place place, byte[] after) {
        return jdbc.sql(place.nextKey)
                .param("after", after)
                .query((row, _) -> Optional.ofNullable(row.getBytes("key")))
                .single()
                .orElse(null);
    }

    private int run(Place place, byte[] key) {
        int resealed = 0;
        UUID after = START;
        List<Row> rows;
        do {
            rows = jdbc.sql(place.read)
                    .param("after", after)
                    .param("key", key)
                    .param("batch", BATCH)
                    .query(Row.class)
                    .list();
            for (Row row : rows) {
                resealed += reseal(place, row);
                after = row.id();
            }
        } while (rows.size() == BATCH && !Thread.currentThread().isInterrupted());
        return resealed;
    }

    private int reseal(Place place, Row row) {
        try {
            byte[] sealed = keyset.seal(keyset.open(row.sealed(), row.id()), row.id());
            // A row that has changed in the meantime was sealed with a key of that time.
            return jdbc.sql(place.write)
                    .param("id", row.id())
                    .param("before", row.sealed())
                    .param("after", sealed)
                    .update();
        } catch (GeneralSecurityException e) {
            log.warn("polling.credentialsUnreadable: a secret opens with no key of the keyset id={}", row.id());
            return 0;
        }
    }

    /** The number of secrets by the prefix of their key. */
    Map<String, Long> rowsByPrefix() {
        var rows = new HashMap<String, Long>();
        for (Place place : Place.values()) {
            jdbc.sql(place.count)
                    .query((row, _) -> Map.entry(row.getString("prefix"), row.getLong("rows")))
                    .list()
                    .forEach(entry -> rows.merge(entry.getKey(), entry.getValue(), Long::sum));
        }
        return rows;
    }
}
