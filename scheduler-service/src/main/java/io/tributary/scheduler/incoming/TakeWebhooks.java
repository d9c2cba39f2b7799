package io.tributary.scheduler.incoming;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.expressions.EvaluationException;
import io.tributary.expressions.SyntaxException;
import io.tributary.scheduler.incoming.IncomingTable.Wanted;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.schemas.IncomingWebhook;
import io.tributary.schemas.ManifestDocument;
import io.tributary.schemas.WebhookDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Takes webhooks from their topic, each batch in one transaction: notes which ones were seen, and the runs that the
 * others want. A batch that is taken again, after a crash, changes nothing. A webhook that an expression fails for is
 * logged, and starts nothing.
 */
@Component
final class TakeWebhooks {

    private static final Logger log = LoggerFactory.getLogger(TakeWebhooks.class);

    private final IncomingTable table;
    private final Manifests manifests;
    private final StartWebhookRuns start;
    private final TransactionOperations transaction;
    private final MeterRegistry meters;

    /** Compiled rules; few, since a manifest changes with its version only. */
    private final Map<Source, Rules> rules = new ConcurrentHashMap<>();

    /** What rules are compiled of. */
    private record Source(WebhookDocument webhook, List<ManifestDocument.SyncType> syncTypes) {}

    TakeWebhooks(
            IncomingTable table,
            Manifests manifests,
            StartWebhookRuns start,
            TransactionOperations transaction,
            MeterRegistry meters) {
        this.table = table;
        this.manifests = manifests;
        this.start = start;
        this.transaction = transaction;
        this.meters = meters;
        count("fresh", 0);
        count("repeated", 0);
        count("ignored", 0);
        count("accountUnknown", 0);
    }

    /**
     * Takes a batch, on the consumer's thread. A webhook that Postgres refuses is left out.
     *
     * @throws RuntimeException such as when Postgres does not answer: take the batch again
     */
    void take(List<IncomingWebhook> webhooks) {
        if (!manifests.caughtUp()) {
            throw new IllegalStateException("the manifests are not read yet: the batch is taken again");
        }
        try {
            takeAll(webhooks);
        } catch (DataIntegrityViolationException e) {
            if (webhooks.size() > 1) {
                webhooks.forEach(webhook -> take(List.of(webhook)));
                return;
            }
            log.error(
                    "incoming.webhookRefused: Postgres refuses a webhook domain={} webhookId={} cause={}",
                    webhooks.getFirst().getDomain(),
                    webhooks.getFirst().getWebhookId(),
                    e.getClass().getSimpleName());
        } catch (RuntimeException e) {
            log.warn("incoming.batchWaits: webhooks cannot be taken, they are taken again", e);
            throw e;
        }
        startSoon();
    }

    /** The batch is taken, so a failure here must not take it again: the periodic step starts the runs later. */
    private void startSoon() {
        try {
            start.run();
        } catch (RuntimeException e) {
            log.warn("incoming.startFailed: runs of webhooks cannot be started, they are started later", e);
        }
    }

    private void takeAll(List<IncomingWebhook> webhooks) {
        var wanted = new ArrayList<List<Wanted>>();
        webhooks.forEach(webhook -> wanted.add(wanted(webhook)));
        Taken taken = Objects.requireNonNull(transaction.execute(_ -> {
            var unseen = table.receive(wanted);
            List<Wanted> runs = unseen.stream().flatMap(List::stream).toList();
            return new Taken(unseen.size(), runs.size() - table.want(runs));
        }));
        long useful = wanted.stream().filter(it -> !it.isEmpty()).count();
        count("fresh", taken.fresh());
        count("repeated", useful - taken.fresh());
        count("ignored", webhooks.size() - useful);
        count("accountUnknown", taken.withoutAccount());
    }

    /**
     * What a batch was.
     *
     * @param fresh webhooks that were not seen before
     * @param withoutAccount accounts that these named and that are not connected
     */
    private record Taken(long fresh, long withoutAccount) {}

    private List<Wanted> wanted(IncomingWebhook webhook) {
        Rules known = manifests.find(webhook.getDomain()).map(this::rules).orElse(null);
        try {
            return known == null ? List.of() : known.apply(webhook);
        } catch (EvaluationException e) {
            log.warn(
                    "incoming.webhookUnusable: an expression failed for a webhook domain={} webhookId={} reason={}",
                    webhook.getDomain(),
                    webhook.getWebhookId(),
                    e.reason());
            return List.of();
        }
    }

    private @Nullable Rules rules(Manifest manifest) {
        WebhookDocument webhook = manifest.webhook();
        if (webhook == null) {
            return null;
        }
        var source = new Source(webhook, manifest.syncTypes());
        Rules known = rules.get(source);
        if (known != null) {
            return known;
        }
        try {
            Rules compiled = Rules.of(manifest, webhook);
            rules.put(source, compiled);
            return compiled;
        } catch (SyntaxException e) {
            log.error(
                    "incoming.rulesUnusable: an expression of a manifest is wrong domain={} reason={}",
                    manifest.domain(),
                    e.reason());
            return null;
        }
    }

    private void count(String result, long number) {
        Counter.builder("tributary.incoming.webhooks")
                .description(
                        "Webhooks of providers that were taken from their topic: `fresh`, `repeated`, or `ignored` by"
                                + " their manifest; and accounts that fresh ones named and that are not connected,"
                                + " `accountUnknown`")
                .tag("result", result)
                .register(meters)
                .increment((double) number);
    }
}
