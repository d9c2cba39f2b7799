package io.tributary.pipeline.bench;

/**
 * Outputs that a sink saved, as far as the clock of this program saw it.
 *
 * @param rows how many there were
 * @param seconds from their becoming visible to the sink until the last of their runs had ended in Postgres
 * @param cpu what sink and Postgres took meanwhile
 */
record Pass(long rows, double seconds, Cpu cpu) {

    double rowsPerSecond() {
        return rows / seconds;
    }

    double cpuMicrosPerRow() {
        return cpu.microsPer(rows);
    }
}
