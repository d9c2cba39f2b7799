package io.tributary.sink.output;

import io.tributary.schemas.ProviderAccount;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.sink.postgres.StorableJson;
import io.tributary.sink.postgres.StorableText;
import java.sql.Types;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Notes whose account a user integration is connected to, where a run that ended well has found out. The config, which a
 * sink may neither read nor write, is added to by a function of the database.
 */
final class SaveAccounts {

    private static final String SAVE = "select save_account(:id, :accountId, :name, cast(:settings as jsonb))::text";

    private final JdbcClient jdbc;

    SaveAccounts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Within the transaction that locked the user integrations and completes their runs.
     *
     * @param ended batches with the end of their run, in the order of the runs
     */
    void save(List<RunBatch> ended) {
        for (RunBatch batch : ended) {
            RunProgress end = batch.completion().orElseThrow().progress();
            ProviderAccount account = end.getAccount();
            if (account != null && end.getStatus() == RunStatus.succeeded) {
                save(batch.run().userIntegration(), account);
            }
        }
    }

    private void save(UserIntegration userIntegration, ProviderAccount account) {
        jdbc.sql(SAVE)
                .param("id", userIntegration.id())
                .param("accountId", StorableText.ofNullable(account.getId()), Types.VARCHAR)
                .param("name", StorableText.ofNullable(account.getDisplayName()), Types.VARCHAR)
                .param("settings", StorableJson.parsed(account.getSettings()).orElse("{}"))
                .query(String.class)
                .optional();
    }
}
