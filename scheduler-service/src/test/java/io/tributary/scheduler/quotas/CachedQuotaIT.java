package io.tributary.scheduler.quotas;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.quotas.QuotaProperties.Limit;
import io.tributary.scheduler.quotas.Quotas.Owner;
import io.tributary.scheduler.testing.Database;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CachedQuotaIT {

    private final Owner ann = new Owner("ann", "acme");
    private final Owner bob = new Owner("bob", "acme");

    @Test
    void refusesWithoutCountingAnewAndWithoutTaking() {
        CachedQuota quota;
        try (var database = Database.migrated()) {
            quota = quota(database, 10, 15);
            quota.take(ann, 8);
            quota.take(bob, 1);
        }

        // The database is closed: a quota that counted rows now would throw another exception.
        assertThatThrownBy(() -> quota.take(ann, 3))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("user is 10");
        assertThatThrownBy(() -> quota.take(bob, 7))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("organisation is 15");
        assertThatCode(() -> quota.take(ann, 2)).doesNotThrowAnyException();
        assertThatCode(() -> quota.take(bob, 4)).doesNotThrowAnyException();
    }

    @Test
    void givesBackWhatWasNotUsed() {
        try (var database = Database.migrated()) {
            var quota = quota(database, 10, 10);
            quota.take(ann, 10);

            quota.giveBack(ann, 4);

            assertThatCode(() -> quota.take(bob, 4)).doesNotThrowAnyException();
            assertThatThrownBy(() -> quota.take(bob, 1)).isInstanceOf(ApiException.class);
        }
    }

    private static CachedQuota quota(Database database, long perUser, long perOrg) {
        var limits = Arrays.stream(Quota.values()).collect(Collectors.toMap(it -> it, _ -> new Limit(perUser, perOrg)));
        var quotas = new Quotas(database.jdbc(), new QuotaProperties(Duration.ofSeconds(10), limits));
        return new CachedQuota(quotas, Quota.NOTIFICATIONS, Duration.ofHours(1));
    }
}
