package io.tributary.integrations.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EffectTest {

    /** Ids at providers are made of it: another hash would send a repeated message as another one. */
    @Test
    void theHashOfAKeyStaysTheSame() {
        assertThat(new Effect("notification:7", false).keyHash())
                .isEqualTo(new Effect("notification:7", true).keyHash())
                .isEqualTo("9f18591c4ef615a681109df267ec84482864f688516bab637c2039416d7ae418");
    }
}
