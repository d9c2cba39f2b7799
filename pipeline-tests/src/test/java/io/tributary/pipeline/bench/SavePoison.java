package io.tributary.pipeline.bench;

import java.util.List;

/**
 * What share of its throughput a sink loses to outputs that Postgres does not take, one among {@value #RARITY}. There
 * are {@value #MORE} times as many and the loss is divided by that: each costs its own batch alone, and one among so
 * many would be lost in the noise.
 *
 * @param flags of the sink's JVM
 */
record SavePoison(List<String> flags) implements Scenario {

    private static final int RARITY = 100_000;
    private static final int MORE = 10;
    private static final int WARM_UPS = 2;

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        int items = effort.size(RARITY / MORE, 1_000);
        var poisoned = new MailOutputs(0, items); // one in each mailbox
        var clean = new MailOutputs(0, 0);
        double more = (double) RARITY / items;
        try (var stage = SinkStage.on(lab, "poison", flags)) {
            for (int i = 0; i < WARM_UPS; i++) {
                var _ = stage.save(stage.accounts(), clean, items);
                var _ = stage.save(stage.accounts(), poisoned, items);
            }
            for (int round = 0; round < effort.rounds(); round++) {
                Pass without = stage.save(stage.accounts(), clean, items);
                Pass with = stage.save(stage.accounts(), poisoned, items);
                figures.add("sink.poison_slowdown", "", (with.seconds() / without.seconds() - 1) / more);
                figures.add(
                        "sink.poison_cpu_ratio",
                        "",
                        1 + (with.cpuMicrosPerRow() / without.cpuMicrosPerRow() - 1) / more);
            }
        }
    }
}
