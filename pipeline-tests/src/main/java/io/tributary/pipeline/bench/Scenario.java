package io.tributary.pipeline.bench;

/** Something to measure. */
interface Scenario {

    /** What {@code --only} calls it. */
    String name();

    /**
     * Measures, and adds to the figures as it goes. What it starts on the lab, it stops.
     *
     * @throws RuntimeException when what happened is not what must happen: then there is no figure
     */
    void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException;
}
