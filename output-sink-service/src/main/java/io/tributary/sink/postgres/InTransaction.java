package io.tributary.sink.postgres;

import io.tributary.sink.consume.Unavailable;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs work in one Postgres transaction, and tells what a failure means: that the content was refused, or that Postgres
 * cannot be used at the moment.
 */
public final class InTransaction {

    private final TransactionTemplate transaction;

    public InTransaction(PlatformTransactionManager transactions) {
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Commits what the work did, or nothing of it.
     *
     * @throws Refused the content cannot be written; the same batch would fail again
     * @throws Unavailable Postgres cannot be used; whether the commit was reached is unknown, so the work must bear to
     *     be done twice
     */
    public void run(Runnable work) {
        get(() -> {
            work.run();
            return true;
        });
    }

    /** {@link #run} for work that has a result. */
    public <T> T get(Supplier<T> work) {
        try {
            return Objects.requireNonNull(transaction.execute(status -> work.get()));
        } catch (DataAccessException | TransactionException e) {
            SqlFailure failure = SqlFailure.of(e);
            if (failure.isRefusal()) {
                throw new Refused(failure.message(), failure.state(), e);
            }
            throw new Unavailable("postgres", failure.message(), e);
        } catch (Unavailable e) {
            throw e;
        } catch (RuntimeException e) {
            // Our own code stumbled over a value; its message may quote it.
            throw new Refused(e.getClass().getName(), "none", e);
        }
    }
}
