package io.tributary.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.egress.PublicHosts;
import io.tributary.integrations.api.TaskFailure;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ResolveHostTest {

    @Test
    void makesAnAddressThatIsNotPublicAFailureOfTheConfiguration() {
        assertThatThrownBy(() -> ResolveHost.of(new PublicHosts(false)).resolve("127.0.0.1"))
                .isInstanceOfSatisfying(
                        TaskFailure.Misconfigured.class,
                        failure -> assertThat(failure.code()).isEqualTo("polling.addressRefused"));
    }

    @Test
    void makesAHostWithoutAddressAFailureThatMayPass() {
        ResolveHost nobody = ResolveHost.of(host -> {
            throw new UnknownHostException(host);
        });

        assertThatThrownBy(() -> nobody.resolve("mail.test"))
                .isInstanceOfSatisfying(
                        TaskFailure.Transient.class,
                        failure -> assertThat(failure.code()).isEqualTo("polling.hostUnknown"));
    }

    @Test
    void passesAddressesOn() throws Exception {
        assertThat(ResolveHost.of(new PublicHosts(true)).resolve("127.0.0.1")).hasSize(1);
    }
}
