package io.tributary.scheduler.housekeeping;

import io.tributary.scheduler.SqlTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Does the duties whose time has come and that no other replica has in hand.
 *
 * <pre>
 *   waiting --next_at--> locked (by one replica, until locked_until) --done or failed--> waiting
 *                        locked --locked_until: its replica died or hangs--> may be locked by another
 * </pre>
 */
public final class DoDuties {

    /** Longest part of a failure's message that is kept, characters. */
    private static final int MAX_ERROR = 1000;

    private static final String KNOW = """
        insert into duty (name, next_at) values (:name, :now) on conflict do nothing
        """;

    private static final String LOCK = """
        update duty
        set locked_by = :me, locked_until = :until, last_started_at = :now
        where name = :name and next_at <= :now and (locked_until is null or locked_until <= :now)
        """;

    private static final String RELEASE = """
        update duty
        set locked_by = null, locked_until = null, next_at = :next, last_finished_at = :now,
            last_duration_ms = :millis, last_error = :error
        where name = :name and locked_by = :me
        """;

    private static final Logger log = LoggerFactory.getLogger(DoDuties.class);

    private final UUID me = UUID.randomUUID();
    private final List<Duty> duties;
    private final JdbcClient jdbc;
    private final Clock clock;

    public DoDuties(List<Duty> duties, JdbcClient jdbc, Clock clock) {
        this.duties = List.copyOf(duties);
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Does each that is due, one after the other. On a timer's thread.
     *
     * @return how many were done
     */
    public int run() {
        int done = 0;
        try {
            for (Duty duty : duties) {
                if (Thread.currentThread().isInterrupted()) {
                    break;
                }
                Instant now = clock.instant();
                if (lock(duty, now)) {
                    perform(duty, now);
                    done++;
                }
            }
        } catch (DataAccessException e) {
            log.warn("housekeeping ended early, it goes on at its next time code=housekeeping.failed", e);
        }
        return done;
    }

    private boolean lock(Duty duty, Instant now) {
        if (statement(LOCK, duty, now)
                        .param("me", me)
                        .param("until", SqlTime.of(now.plus(duty.atMost())))
                        .update()
                == 1) {
            return true;
        }
        // Its first time, it has no row yet.
        return statement(KNOW, duty, now).update() == 1 && lock(duty, now);
    }

    private void perform(Duty duty, Instant start) {
        String error = null;
        try {
            duty.work().run();
        } catch (RuntimeException e) {
            log.error(
                    "duty failed, it is tried again at its next time code=housekeeping.dutyFailed duty={}",
                    duty.name(),
                    e);
            error = shortened(String.valueOf(e));
        }
        release(duty, start, clock.instant(), error);
    }

    private void release(Duty duty, Instant start, Instant end, @Nullable String error) {
        int released = statement(RELEASE, duty, end)
                .param("me", me)
                .param("next", SqlTime.of(start.plus(duty.every())))
                .param("millis", Duration.between(start, end).toMillis())
                .param("error", error)
                .update();
        if (released == 0) {
            log.warn(
                    "duty took longer than it may, another replica began it again code=housekeeping.dutyOverran duty={}",
                    duty.name());
        }
    }

    private JdbcClient.StatementSpec statement(String sql, Duty duty, Instant now) {
        return jdbc.sql(sql).param("name", duty.name()).param("now", SqlTime.of(now));
    }

    private static String shortened(String message) {
        return message.length() <= MAX_ERROR ? message : message.substring(0, MAX_ERROR);
    }
}
