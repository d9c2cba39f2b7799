package io.tributary.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** How slots are divided when all want more than there are. */
class FairSharesTest {

    private static final Tenant NOISY = Tenant.of("noisy", "n");
    private static final Tenant QUIET = Tenant.of("", "quiet");

    private final FairShares shares = new FairShares(1_000);

    @Test
    void leavesRoomForOthersWhateverOneTakes() {
        assertThat(takeAll(Tenant.of("", "alone"))).isEqualTo(750);

        assertThat(takeAll(QUIET)).isGreaterThan(150);
        assertThat(takeAll(Tenant.of("third", "t"))).isPositive();
    }

    @Test
    void dividesEquallyOnceSlotsComeBack() {
        Tenant other = Tenant.of("other", "o");
        takeAll(NOISY);
        takeAll(other);

        for (int i = 0; i < 5_000; i++) {
            if (shares.used() > 0 && i % 2 == 0) {
                shares.release(NOISY);
            }
            shares.tryTake(other);
            shares.tryTake(NOISY);
        }

        assertThat(count(NOISY)).isBetween(400, 450);
        assertThat(count(other)).isBetween(400, 450);
    }

    @Test
    void dividesTheShareOfAnOrganisationAmongItsUsers() {
        Tenant colleague = Tenant.of("noisy", "m");
        int first = takeAll(NOISY);

        int second = takeAll(colleague);

        assertThat(first).isBetween(650, 749);
        assertThat(second).isPositive();
        assertThat(takeAll(QUIET)).isGreaterThan(150);
    }

    @Test
    void givesTheOnlySlotToWhoeverComes() {
        var one = new FairShares(1);

        assertThat(one.tryTake(NOISY)).isTrue();
        assertThat(one.tryTake(QUIET)).isFalse();
        one.release(NOISY);
        assertThat(one.tryTake(QUIET)).isTrue();
    }

    @Test
    void refusesASlotThatWasNotTaken() {
        assertThatThrownBy(() -> shares.release(QUIET)).isInstanceOf(IllegalStateException.class);
    }

    private int takeAll(Tenant tenant) {
        int taken = 0;
        while (shares.tryTake(tenant)) {
            taken++;
        }
        return taken;
    }

    /** Returns all slots of a tenant, and their number. */
    private int count(Tenant tenant) {
        int count = 0;
        try {
            while (true) {
                shares.release(tenant);
                count++;
            }
        } catch (IllegalStateException e) {
            return count;
        }
    }
}
