package io.tributary.pipeline.bench;

import java.util.List;

/** Whether the memory of a sink depends on how much it has saved: its heap in use while it works, pass after pass. */
final class SaveMany implements Scenario {

    private static final int ROWS_A_PASS = 500_000;

    private final int rows;
    private final List<String> flags;

    /**
     * @param rows in all, one pass and up
     * @param flags of the sink's JVM
     */
    SaveMany(int rows, List<String> flags) {
        this.rows = rows;
        this.flags = flags;
    }

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        int passes = effort.size(Math.max(2, rows / ROWS_A_PASS), 2);
        int items = effort.size(ROWS_A_PASS, 12_000) / SinkStage.ACCOUNTS;
        var heaps = new double[passes];
        try (var stage = SinkStage.on(lab, "many", flags)) {
            var _ = stage.save(stage.accounts(), new MailOutputs(passes, 0), items); // warms up
            for (int i = 0; i < passes; i++) {
                int pass = i;
                var saved = stage.save(
                        stage.accounts(),
                        new MailOutputs(i, 0),
                        items,
                        () -> heaps[pass] = HeapInUse.megabytesOf(stage.sink()));
                figures.add("sink.rows_per_s.many", "rows/s", saved.rowsPerSecond());
                figures.add("sink.cpu_us_per_row.many", "us", saved.cpuMicrosPerRow());
                figures.add("sink.heap_mb", "MB", heaps[pass]);
            }
            figures.add("sink.heap_growth_mb", "MB", heaps[passes - 1] - heaps[0]);
            PeakMemory.megabytesOf(stage.sink()).ifPresent(peak -> figures.add("sink.peak_rss_mb.many", "MB", peak));
        }
    }
}
