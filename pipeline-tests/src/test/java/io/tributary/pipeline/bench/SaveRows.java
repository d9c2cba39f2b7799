package io.tributary.pipeline.bench;

import java.util.List;
import java.util.UUID;

/**
 * How many outputs of about 1 KB one sink saves a second that it never saw, and how many that are as they were.
 *
 * @param flags of the sink's JVM
 */
record SaveRows(List<String> flags) implements Scenario {

    /** Until the compiler has come to rest. */
    private static final int WARM_UPS = 2;

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        int items = effort.size(300_000, 12_000) / SinkStage.ACCOUNTS;
        try (var stage = SinkStage.on(lab, "rows", flags)) {
            for (int i = 0; i < WARM_UPS; i++) {
                var _ = save(stage, items, i);
            }
            for (int round = 0; round < effort.rounds(); round++) {
                Saved saved = save(stage, items, WARM_UPS + round);
                add("new", saved.first(), figures);
                figures.add("sink.cpu_us_per_row", "us", saved.first().cpuMicrosPerRow());
                add("unchanged", saved.again(), figures);
            }
            PeakMemory.megabytesOf(stage.sink()).ifPresent(peak -> figures.add("sink.peak_rss_mb", "MB", peak));
        }
    }

    private record Saved(Pass first, Pass again) {}

    private static Saved save(SinkStage stage, int items, long seed) throws InterruptedException {
        List<UUID> accounts = stage.accounts();
        var mails = new MailOutputs(seed, 0);
        return new Saved(stage.save(accounts, mails, items), stage.save(accounts, mails, items));
    }

    private static void add(String kind, Pass pass, Figures figures) {
        figures.add("sink.rows_per_s." + kind, "rows/s", pass.rowsPerSecond());
        figures.add("sink.cpu_us_per_row." + kind, "us", pass.cpuMicrosPerRow());
        for (String part : List.of("sink", "postgres")) {
            figures.add(
                    "sink.cpu_us_per_row." + kind + "." + part, "us", pass.cpu().microsPer(pass.rows(), part));
        }
    }
}
