package io.tributary.standalone;

/** What a running instance consists of. */
public enum Part {
    POSTGRES("Postgres"),
    KAFKA("Kafka"),
    REGISTRY("registry"),
    SCHEDULER("scheduler"),
    WORKER("worker"),
    SINK("sink"),
    EDGE("edge");

    private final String title;

    Part(String title) {
        this.title = title;
    }

    /** What a person calls it. */
    public String title() {
        return title;
    }

    /** Called for each part as it becomes ready, on the thread that started it: several may call at once. */
    @FunctionalInterface
    public interface Listener {
        void ready(Part part);
    }
}
