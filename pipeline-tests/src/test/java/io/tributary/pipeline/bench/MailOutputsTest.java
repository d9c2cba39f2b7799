package io.tributary.pipeline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.pipeline.bench.SavedRows.Sums;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MailOutputsTest {

    private final UUID account = UUID.randomUUID();
    private final UUID run = UUID.randomUUID();

    @Test
    void saysTheSameItemAgain() {
        var mails = new MailOutputs(7, 0);

        assertThat(mails.item(account, run, 3)).isEqualTo(mails.item(account, run, 3));
        assertThat(mails.item(account, run, 3).getContent())
                .isNotEqualTo(mails.item(account, run, 4).getContent());
    }

    @Test
    void poisonsOneOfSoManyInEachMailbox() {
        var mails = new MailOutputs(7, 10);

        assertThat(IntStream.range(0, 50).filter(item -> mails.isPoison(account, item)))
                .hasSize(5);
    }

    @Test
    void expectsNoRowOfAPoisonedItem() {
        List<UUID> accounts = List.of(account, UUID.randomUUID());

        assertThat(SavedRows.expected(accounts, new MailOutputs(7, 0), 3))
                .isEqualTo(new Sums(6, 6, 6, 6, 6L * MailOutputs.CONTENT_CHARACTERS, 0));
        Sums poisoned = SavedRows.expected(accounts, new MailOutputs(7, 3), 3);
        assertThat(poisoned.rows()).isEqualTo(4);
        assertThat(poisoned.deadLetters()).isEqualTo(2);
    }
}
