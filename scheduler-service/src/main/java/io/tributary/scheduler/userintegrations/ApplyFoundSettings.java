package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.Drain;
import io.tributary.scheduler.addresses.CheckAddress;
import io.tributary.scheduler.addresses.Destination;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.userintegrations.UserIntegrationTable.FoundSettings;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts the settings that an integration found at the provider into the config of its account, where the user gave no
 * value. They come from outside, so each is checked as a user's would be, and none may change where credentials are
 * sent. A refused one is logged and dropped. Safe with several replicas.
 */
@Component
public record ApplyFoundSettings(
        UserIntegrationTable table, TransactionOperations transaction, Manifests manifests, CheckAddress checkAddress) {

    private static final Logger log = LoggerFactory.getLogger(ApplyFoundSettings.class);

    /** Accounts of one transaction. */
    private static final int BATCH = 100;

    /** Applies all settings that were found since, on the timer's thread. */
    public void run() {
        if (manifests.caughtUp()) {
            Drain.run(
                    BATCH,
                    () -> Objects.requireNonNull(transaction.execute(_ -> applyBatch())),
                    log,
                    "polling.cycleFailed");
        }
    }

    private int applyBatch() {
        List<FoundSettings> rows = table.takeFound(BATCH);
        rows.forEach(this::apply);
        return rows.size();
    }

    private void apply(FoundSettings row) {
        ObjectNode config = object(row.config());
        ObjectNode earlier = object(row.earlier());
        ObjectNode accepted = JsonMapper.shared().createObjectNode();
        Manifest manifest = manifests.find(row.domain()).orElse(null);
        object(row.found()).forEachEntry((key, value) -> {
            if (manifest == null || !isAllowed(config, key, value, manifest)) {
                log.warn(
                        "polling.settingRefused: a setting that the provider gave was dropped userIntegrationId={}",
                        row.id());
                return;
            }
            accepted.set(key, value);
            JsonNode present = config.get(key);
            if (present == null || present.isNull() || present.equals(earlier.get(key))) {
                config.set(key, value);
            }
        });
        table.saveFound(row.id(), config.toString(), accepted.toString());
    }

    private boolean isAllowed(ObjectNode config, String key, JsonNode value, Manifest manifest) {
        ObjectNode changed = config.deepCopy();
        changed.set(key, value);
        var violations = new Violations();
        CheckConfig.check(changed, manifest, violations);
        checkAddress.checkAll(changed, "/config", violations);
        return violations.isEmpty()
                && Destination.of(manifest.withDefaults(changed), manifest.configSchema())
                        .differenceTo(Destination.of(manifest.withDefaults(config), manifest.configSchema()))
                        .isEmpty();
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) JsonMapper.shared().readTree(json);
    }
}
