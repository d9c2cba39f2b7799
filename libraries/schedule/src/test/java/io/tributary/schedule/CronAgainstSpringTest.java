package io.tributary.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.scheduling.support.CronExpression;

/**
 * Random expressions, readable ones and others: Spring's CronExpression reads the same, and names the same times. Where
 * both fields for the day are restricted, Spring wants both to name it and we one of them: there the earlier of two
 * expressions of Spring's counts, each without one of the fields. Left out
 * are {@code 1W}, which Spring misses when it looks from Sunday the 2nd, {@code 31W} in shorter months, and {@code ?}
 * in a list.
 */
class CronAgainstSpringTest {

    private static final int EXPRESSIONS = 1_000;
    private static final int TIMES = 5;

    /** Spring leaves out times of every hour where clocks change by half an hour or at midnight. */
    private static final List<ZoneId> ZONES = Stream.of(
                    "UTC", "Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kathmandu", "Pacific/Apia")
            .map(ZoneId::of)
            .toList();

    private final long seed = Long.getLong("tributary.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void readsAndFiresAsSpringDoes() {
        int readable = 0;
        for (int i = 0; i < EXPRESSIONS; i++) {
            String text = expression();
            Optional<Springs> springs = spring(text);
            Optional<Cron> ours = ours(text);
            String about = "'" + text + "' -Dtributary.seed=" + seed;
            assertThat(ours.isPresent()).as(about).isEqualTo(springs.isPresent());
            if (ours.isPresent()) {
                readable++;
                firesAs(springs.orElseThrow(), ours.get(), about);
            }
        }
        assertThat(readable).isBetween(EXPRESSIONS / 4, EXPRESSIONS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 0 0 29 2 MON",
                "0 0 0 L * *",
                "0 0 0 L-3 * *",
                "0 0 0 LW * *",
                "0 0 0 1W * *",
                "0 0 0 15W * *",
                "0 0 0 31W * *",
                "0 0 0 * * 5L",
                "0 0 0 ? * THUL",
                "0 0 0 ? * MON#1",
                "0 0 0 ? * 5#5",
                "0 0 0 1,L * *",
                "0 0 0 * * 0",
                "0 0 0 * * 7-2",
                "0 0 0 * jan-MAR/2 Sun",
                "0 0/30 8-10 * * *",
                "0 0 0 L-1,15W 2 1#2,5L"
            })
    void knowsEveryFormOfADay(String text) {
        for (int i = 0; i < 200; i++) {
            firesAs(spring(text).orElseThrow(), Cron.parse(text), text + " -Dtributary.seed=" + seed);
        }
    }

    private void firesAs(Springs springs, Cron ours, String about) {
        ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
        Instant time = Instant.ofEpochSecond(1_262_304_000L + random.nextLong(1_200_000_000L), random.nextInt(2));
        boolean byTheClock = !ours.toString().split(" +")[2].startsWith("*");
        for (int i = 0; i < TIMES; i++) {
            Instant next = ours.nextAfter(time, zone);
            assertThat(next)
                    .as("%s in %s after %s", about, zone, time)
                    .isEqualTo(byTheClock ? byTheClock(springs, time, zone) : byOffset(springs, time, zone));
            time = next;
        }
    }

    private static Instant byOffset(Springs springs, Instant time, ZoneId zone) {
        ZonedDateTime next = springs.next(time.atZone(zone));
        return next == null ? Instant.MAX : next.toInstant();
    }

    /** Every firing of the clock from two days before; the first whose instant is later. */
    private static Instant byTheClock(Springs springs, Instant time, ZoneId zone) {
        LocalDateTime next = time.atZone(zone).toLocalDateTime().minusDays(2);
        do {
            next = springs.next(next);
        } while (next != null && !next.atZone(zone).toInstant().isAfter(time));
        return next == null ? Instant.MAX : next.atZone(zone).toInstant();
    }

    /** The earliest of these counts. */
    private record Springs(List<CronExpression> any) {

        @Nullable
        LocalDateTime next(LocalDateTime time) {
            return any.stream()
                    .flatMap(cron -> Stream.ofNullable(cron.next(time)))
                    .min(Comparator.naturalOrder())
                    .orElse(null);
        }

        @Nullable
        ZonedDateTime next(ZonedDateTime time) {
            return any.stream()
                    .flatMap(cron -> Stream.ofNullable(cron.next(time)))
                    .min(Comparator.naturalOrder())
                    .orElse(null);
        }
    }

    private static Optional<Springs> spring(String text) {
        try {
            var springs = new Springs(
                    withEitherDay(text).stream().map(CronExpression::parse).toList());
            return Optional.of(springs).filter(it -> it.next(LocalDateTime.of(1970, 1, 1, 0, 0)) != null);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<String> withEitherDay(String text) {
        String[] fields = text.split(" ");
        if (fields.length != 6 || fields[3].matches("[*?].*") || fields[5].matches("[*?].*")) {
            return List.of(text);
        }
        return Stream.of(3, 5)
                .map(field -> {
                    String[] one = fields.clone();
                    one[field] = "*";
                    return String.join(" ", one);
                })
                .toList();
    }

    private static Optional<Cron> ours(String text) {
        try {
            return Optional.of(Cron.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private String expression() {
        return Stream.of(
                        field(0, 59, List.of()),
                        field(0, 59, List.of()),
                        field(0, 23, List.of()),
                        field(1, 31, List.of("L", "LW", "L-2", "15W", "28W", "W", "5L")),
                        field(1, 12, List.of("jan", "FEB", "Oct", "MAR-MAY", "NOV/1", "JANUARY")),
                        field(0, 7, List.of("MON", "sun", "TUE-THU", "FRI-SUN", "5L", "2#3", "WEDL", "L", "6#")))
                .collect(Collectors.joining(" "));
    }

    private String field(int min, int max, List<String> special) {
        if (random.nextInt(3) == 0) {
            return special.isEmpty() || max == 12 ? "*" : List.of("*", "?").get(random.nextInt(2));
        }
        return Stream.generate(() -> item(min, max, special))
                .limit(1 + (random.nextInt(3) == 0 ? random.nextInt(3) : 0))
                .collect(Collectors.joining(","));
    }

    private String item(int min, int max, List<String> special) {
        if (!special.isEmpty() && random.nextInt(3) == 0) {
            return special.get(random.nextInt(special.size()));
        }
        int a = value(min, max);
        int b = value(min, max);
        String text = switch (random.nextInt(4)) {
            case 0 -> "*";
            case 1 -> Math.min(a, b) + "-" + Math.max(a, b);
            case 2 -> random.nextInt(20) == 0 ? a + "-" + b : Integer.toString(a);
            default -> Integer.toString(a);
        };
        return random.nextInt(3) == 0 ? text + "/" + random.nextInt(random.nextInt(10) == 0 ? 1 : 9) : text;
    }

    /** Now and then out of range. */
    private int value(int min, int max) {
        return random.nextInt(60) == 0 ? max + 1 + random.nextInt(5) : min + random.nextInt(max - min + 1);
    }
}
