package io.tributary.scheduler.figures;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.Times;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Reads the figures of an account that the caller may see, series by series and in the order of time. */
@Component
record ReadFigures(JdbcClient jdbc, Accounts accounts, JsonMapper json) {

    /** Longest series name and dimension of a request, characters. */
    private static final int MAX_NAME = 200;

    private static final int MAX_DIMENSION = 701;
    private static final int MAX_DIMENSIONS = 20;

    private static final Map<String, Integer> MINUTES = Map.of("5m", 5, "1h", 60, "1d", 1440);

    private static final String LIST = """
        select s.id, s.series, s.dimensions::text as dimensions, f.*
        from (select id, series, dimensions from metric_series s
              where s.user_integration_id = :account and s.id >= :afterSeries and %s and %s order by id) s
        cross join lateral (%s) f
        order by s.id, f.time limit :limit
        """;

    /** A lateral query has its own limit, so that Postgres reads no series to its end for one page. */
    private static final String RANGE = """
          and %1$s >= :from and %1$s < :to and (s.id > :afterSeries or %1$s > :afterTime)
        order by %1$s limit :limit\
        """;

    private static final String POINTS = """
        select p.at as time, p.value, 1 as points, p.value as sum, p.value as min, p.value as max
        from metric_point p where p.series_id = s.id
        """ + RANGE.formatted("p.at");

    private static final String SUMS = """
        select r.bucket as time, r.last as value, r.points, r.total as sum, r.least as min, r.greatest as max
        from metric_rollup r where r.series_id = s.id and r.step_minutes = :minutes
        """ + RANGE.formatted("r.bucket");

    private record Found(long seriesId, Figure figure) {
        static Found read(ResultSet row) throws SQLException {
            return new Found(
                    row.getLong("id"),
                    new Figure(
                            row.getString("series"),
                            row.getString("dimensions"),
                            SqlTime.read(row, "time"),
                            row.getBigDecimal("value"),
                            row.getLong("points"),
                            row.getBigDecimal("sum"),
                            row.getBigDecimal("min"),
                            row.getBigDecimal("max")));
        }

        Position position() {
            return new Position(seriesId, figure.time());
        }
    }

    Page<Figure> list(FigureQuery query, PageRequest page, Caller caller) {
        page.check();
        boolean first = page.cursor() == null;
        Position after = page.after(Cursor.METRICS, Position.FIRST, Position::parse);
        check(query);
        var account = Objects.requireNonNull(query.userIntegrationId());
        accounts.require(account, caller);
        String sql = LIST.formatted(
                query.series() == null ? "true" : "s.series = :series",
                query.dimensions().isEmpty() ? "true" : "s.dimensions @> :dimensions::jsonb",
                query.step() == null ? POINTS : SUMS);
        List<Found> found = jdbc.sql(sql)
                .param("account", account)
                .param("series", query.series())
                .param("dimensions", json.writeValueAsString(dimensions(query.dimensions())))
                .param("minutes", query.step() == null ? null : MINUTES.get(query.step()))
                .param("from", SqlTime.of(Objects.requireNonNullElse(query.from(), Times.EARLIEST)))
                .param("to", SqlTime.of(Objects.requireNonNullElse(query.to(), Times.LATEST)))
                .param("afterSeries", after.seriesId())
                .param("afterTime", SqlTime.of(first ? Times.EARLIEST : after.time()))
                .param("limit", page.rows())
                .query((row, _) -> Found.read(row))
                .list();
        Page<Found> shown = page.of(found, Cursor.METRICS, Found::position);
        return new Page<>(shown.items().stream().map(Found::figure).toList(), shown.nextCursor());
    }

    private static void check(FigureQuery query) {
        var violations = new Violations();
        violations.check(query.userIntegrationId() != null, "userIntegrationId", "is missing");
        violations.check(query.step() == null || MINUTES.containsKey(query.step()), "step", "must be 5m, 1h or 1d");
        violations.checkText(query.series(), MAX_NAME, "series");
        Times.check(query.from(), "from", violations);
        Times.check(query.to(), "to", violations);
        violations.check(query.dimensions().size() <= MAX_DIMENSIONS, "dimensions", "must be 20 at most");
        for (String dimension : query.dimensions()) {
            violations.check(dimension.indexOf(':') > 0, "dimensions", "must be name:value");
            violations.checkText(dimension, MAX_DIMENSION, "dimensions");
        }
        violations.throwIfAny();
    }

    /** The last one of a name counts. */
    private static Map<String, String> dimensions(List<String> given) {
        var dimensions = new TreeMap<String, String>();
        for (String dimension : given) {
            int colon = dimension.indexOf(':');
            dimensions.put(dimension.substring(0, colon), dimension.substring(colon + 1));
        }
        return dimensions;
    }
}
