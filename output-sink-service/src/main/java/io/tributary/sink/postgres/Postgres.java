package io.tributary.sink.postgres;

import io.tributary.sink.outage.Unavailable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.ParameterizedPreparedStatementSetter;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SimplePropertySqlParameterSource;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The sink's only access to Postgres: transactions, single statements by {@link JdbcClient}, batches, and the bare
 * connection for binary copy. Thread safe.
 *
 * <p>A failure of a transaction keeps its meaning. {@link Rejected}: Postgres rejects these values, now and later.
 * {@link Unavailable}: Postgres cannot be used at the moment. Any other exception is a bug of the sink and passes
 * unchanged: the records are not its cause, so nobody may dead-letter them.
 */
public final class Postgres {

    private static final String BY_INDEX = "set local enable_seqscan = off; set local enable_hashjoin = off;"
            + " set local enable_mergejoin = off; set local enable_bitmapscan = off";

    private final JdbcTemplate jdbc;
    private final NamedParameterJdbcTemplate named;
    private final JdbcClient client;
    private final TransactionTemplate transaction;

    /** @param transactions of the same data source as the template */
    public Postgres(JdbcTemplate jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.named = new NamedParameterJdbcTemplate(jdbc);
        this.client = JdbcClient.create(named);
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Runs the work in a transaction, which commits all of it or nothing.
     *
     * @throws Rejected the values cannot be written; the same batch would fail again
     * @throws Unavailable Postgres cannot be used; the commit may or may not have happened, so the work must be safe to
     *     repeat
     */
    public void run(Runnable work) {
        get(() -> {
            work.run();
            return true;
        });
    }

    /** {@link #run} for work with a result. */
    public <T> T get(Supplier<T> work) {
        try {
            return Objects.requireNonNull(transaction.execute(status -> work.get()));
        } catch (DataAccessException | TransactionException e) {
            SqlFailure failure = SqlFailure.of(e);
            if (failure.isRejection()) {
                throw new Rejected(failure.message(), failure.state(), e);
            }
            throw new Unavailable("postgres", failure.message(), e);
        }
    }

    /**
     * Makes Postgres find rows by the index, one after the other, also in a small table: Postgres keeps the plan, and a
     * plan for a small table would read the whole table for each batch after it has grown. The kept plan knows neither
     * the number of keys nor that a key has one row, and would make a bitmap for each key, at three times the cost.
     * Applies until the end of the transaction.
     */
    public void preferIndexes() {
        client.sql(BY_INDEX).update();
    }

    /** A single statement. */
    public StatementSpec sql(String sql) {
        return client.sql(sql);
    }

    /** A single statement whose named parameters are the components of a record. */
    public StatementSpec sql(String sql, Object parameters) {
        return client.sql(sql).paramSource((SqlParameterSource) new Parameters(parameters));
    }

    /** A parameter that is an array of a type of Postgres, with one value for each row. */
    public static <T> SqlArrayValue array(String type, Collection<T> rows, Function<T, ?> value) {
        return new SqlArrayValue(type, rows.stream().map(value).toArray());
    }

    /**
     * One statement for each row, in one round trip; its named parameters are the components of the rows' record.
     *
     * @return number of changed rows
     */
    public long batch(String sql, List<?> rows) {
        int[] changed = rows.isEmpty()
                ? new int[0]
                : named.batchUpdate(sql, rows.stream().map(Parameters::new).toArray(SqlParameterSource[]::new));
        return IntStream.of(changed).sum();
    }

    /** As {@link #batch}, with parameters by position, for batches of thousands of rows. */
    public <T> void batch(String sql, List<T> rows, ParameterizedPreparedStatementSetter<T> setter) {
        if (!rows.isEmpty()) {
            jdbc.batchUpdate(sql, rows, rows.size(), setter);
        }
    }

    /** The connection of the current transaction. */
    public <T> @Nullable T onConnection(ConnectionCallback<T> work) {
        return jdbc.execute(work);
    }

    /** A time as a parameter of the driver. */
    public static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    /** The components of a record by name; times and enums as parameters of the driver. */
    private static final class Parameters extends SimplePropertySqlParameterSource {

        Parameters(Object record) {
            super(record);
        }

        @Override
        public @Nullable Object getValue(String name) {
            return switch (super.getValue(name)) {
                case Instant instant -> utc(instant);
                case Enum<?> constant -> constant.name();
                case null -> null;
                case Object value -> value;
            };
        }
    }
}
