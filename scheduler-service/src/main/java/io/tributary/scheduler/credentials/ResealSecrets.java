package io.tributary.scheduler.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Seals with the primary key what an older key has sealed, beside live traffic: a batch of rows at a time, each row only
 * if nobody has changed it in between. An interrupted pass goes on where rows are left; several replicas may do it at
 * once. A row that does not open with any key is left as it is, and said.
 */
final class ResealSecrets {

    /** Rows that are read at a time. */
    static final int BATCH = 200;

    private static final Logger log = LoggerFactory.getLogger(ResealSecrets.class);
    private static final UUID START = new UUID(0, 0);

    /** Where secrets are: each is bound to the id of its row. */
    private enum Place {
        CREDENTIALS("user_integration", "credentials"),
        WEBHOOK_SECRETS("webhook", "secret");

        private final String read;
        private final String write;
        private final String count;

        Place(String table, String column) {
            read = """
                select id, %1$s as sealed from %2$s
                where id > :after and %1$s is not null
                  and encode(substring(%1$s from 1 for :length), 'hex') <> :prefix
                order by id limit :batch""".formatted(column, table);
            write = "update %2$s set %1$s = :after where id = :id and %1$s = :before".formatted(column, table);
            count = """
                select encode(substring(%1$s from 1 for :length), 'hex') as prefix, count(*) as rows from %2$s
                where %1$s is not null group by 1""".formatted(column, table);
        }
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

    /** Makes a pass when the primary key is another one than before. A failure is logged and left to the next call. */
    void runIfKeyIsNew() {
        String primary = keyset.primary().prefix();
        if (primary.equals(known)) {
            return;
        }
        try {
            run();
            known = primary;
        } catch (DataAccessException e) {
            log.warn("sealing with the new key ended early, the next one goes on code=polling.resealFailed", e);
        }
    }

    /** Makes a pass; returns how many rows are sealed with the primary key that were not before. */
    int run() {
        int resealed = 0;
        for (Place place : Place.values()) {
            resealed += run(place, keyset.primary());
        }
        if (resealed > 0) {
            log.info("secrets sealed with the primary key rows={}", resealed);
        }
        return resealed;
    }

    private int run(Place place, Keyset.Key primary) {
        int resealed = 0;
        UUID after = START;
        while (!Thread.currentThread().isInterrupted()) {
            List<Row> rows = jdbc.sql(place.read)
                    .param("after", after)
                    .param("length", primary.prefix().length() / 2)
                    .param("prefix", primary.prefix())
                    .param("batch", BATCH)
                    .query((row, _) -> new Row(row.getObject("id", UUID.class), row.getBytes("sealed")))
                    .list();
            for (Row row : rows) {
                resealed += reseal(place, row);
            }
            if (rows.size() < BATCH) {
                break;
            }
            after = rows.getLast().id();
        }
        return resealed;
    }

    private int reseal(Place place, Row row) {
        byte[] boundTo = row.id().toString().getBytes(UTF_8);
        try {
            byte[] sealed = keyset.encrypt(keyset.decrypt(row.sealed(), boundTo), boundTo);
            // A row that was changed in the meantime is sealed with a key of that time.
            return jdbc.sql(place.write)
                    .param("id", row.id())
                    .param("before", row.sealed())
                    .param("after", sealed)
                    .update();
        } catch (GeneralSecurityException e) {
            log.warn("a secret opens with no key of the keyset code=polling.credentialsUnreadable id={}", row.id());
            return 0;
        }
    }

    /** How many secrets each key has sealed, by its prefix. */
    Map<String, Long> rowsByPrefix() {
        var rows = new HashMap<String, Long>();
        int length = keyset.primary().prefix().length() / 2;
        for (Place place : Place.values()) {
            jdbc.sql(place.count)
                    .param("length", length)
                    .query((row, _) -> Map.entry(row.getString("prefix"), row.getLong("rows")))
                    .list()
                    .forEach(entry -> rows.merge(entry.getKey(), entry.getValue(), Long::sum));
        }
        return rows;
    }
}
