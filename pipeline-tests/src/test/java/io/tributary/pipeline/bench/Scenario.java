package io.tributary.pipeline.bench;

/** Something to measure. */
interface Scenario {

    /** A scenario under the name that {@code --only} calls it. */
    record Named(String name, Scenario scenario) {}

    /**
     * Measures, and adds to the figures as it goes. What it starts on the lab, it stops.
     *
     * @throws RuntimeException when what happened is not what must happen: then there is no figure
     */
    void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException;
}
