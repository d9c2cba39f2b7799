package io.tributary.scheduler.incoming;

import io.tributary.scheduler.incoming.EndpointTable.Changed;
import io.tributary.scheduler.kafka.OrderedOutbox;
import io.tributary.scheduler.kafka.PublishOutbox;
import io.tributary.schemas.Topics;
import io.tributary.schemas.WebhookEndpoint;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Publishes endpoints that changed to the compacted topic that the edge follows, each as it is now; one that was
 * deleted as a record without a value. Their secrets stay sealed.
 */
@Component
public record PublishEndpoints(EndpointTable endpoints, PublishOutbox publish, Topics topics, Clock clock)
        implements OrderedOutbox<Changed> {

    /** Publishes until nothing waits. A failure is logged; the next call goes on. */
    public void run() {
        publish.run(this);
    }

    @Override
    public long lock() {
        return 7_241_905_532L;
    }

    @Override
    public String failureCode() {
        return "incoming.endpointsNotPublished";
    }

    @Override
    public String topic() {
        return topics.webhookEndpoints();
    }

    @Override
    public List<Changed> next(int batch) {
        return endpoints.changed(batch);
    }

    @Override
    public UUID userIntegrationId(Changed endpoint) {
        return endpoint.endpointId();
    }

    @Override
    public @Nullable SpecificRecord message(Changed endpoint) {
        return endpoint.integrationDomain() == null || endpoint.secret() == null
                ? null
                : WebhookEndpoint.newBuilder()
                        .setKey(endpoint.endpointId())
                        .setDomain(endpoint.integrationDomain())
                        .setUserIntegrationId(endpoint.userIntegrationId())
                        .setSecret(ByteBuffer.wrap(endpoint.secret()))
                        .setAt(clock.instant())
                        .build();
    }

    @Override
    public void published(List<Changed> changes) {
        endpoints.published(changes);
    }
}
