package io.tributary.scheduler.billing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table billing_plan. */
@Component
record PlanTable(JdbcClient jdbc) {

    static final TypeReference<List<Price>> PRICES = new TypeReference<>() {};

    private static final String COLUMNS = "id, currency, fixed_fee, prices::text as prices";

    private static final String SAVE = """
        insert into billing_plan (id, currency, fixed_fee, prices) values (:id, :currency, :fee, :prices::jsonb)
        on conflict (id) do update
        set currency = excluded.currency, fixed_fee = excluded.fixed_fee, prices = excluded.prices, changed_at = now()
        """;

    private static final String GET = "select " + COLUMNS + " from billing_plan where id = :id";

    private static final String LIST =
            "select " + COLUMNS + " from billing_plan where id > :after order by id limit :limit";

    void save(Plan plan) {
        jdbc.sql(SAVE)
                .param("id", plan.id())
                .param("currency", plan.currency())
                .param("fee", plan.fixedFee())
                .param("prices", JsonMapper.shared().writeValueAsString(plan.prices()))
                .update();
    }

    Optional<Plan> find(String id) {
        return jdbc.sql(GET).param("id", id).query((row, _) -> read(row)).optional();
    }

    /** By id, those after one. */
    List<Plan> list(String after, int limit) {
        return jdbc.sql(LIST)
                .param("after", after)
                .param("limit", limit)
                .query((row, _) -> read(row))
                .list();
    }

    private static Plan read(ResultSet row) throws SQLException {
        return new Plan(
                row.getString("id"),
                row.getString("currency"),
                row.getBigDecimal("fixed_fee"),
                List.copyOf(prices(row.getString("prices"))));
    }

    /** The prices of a plan or an invoice. */
    static List<Price> prices(String json) {
        return Objects.requireNonNull(JsonMapper.shared().readValue(json, PRICES));
    }
}
