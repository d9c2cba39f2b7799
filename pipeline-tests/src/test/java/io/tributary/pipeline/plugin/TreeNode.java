package io.tributary.pipeline.plugin;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A task in a random tree of tasks. What it does follows from the seed of its run and its place in the tree alone, so
 * that everybody can tell what a run must come to: some 250 tasks and as many outputs.
 *
 * @param seed of the run
 * @param path which child of which child: empty for the root, then such as {@code .12.3}
 */
public record TreeNode(long seed, String path) {

    /** How often a task is tried. */
    public static final int ATTEMPTS = 3;

    /** What becomes of a task. */
    public enum Fate {
        COMPLETES,
        /** Fails at first, but fewer times than it is tried. */
        RECOVERS,
        /** Fails each time it is tried. */
        WEARS_OUT,
        /** Fails for good at once. */
        IS_REFUSED;

        /** Whether the task ends as a dead letter. */
        public boolean isFailure() {
            return this == WEARS_OUT || this == IS_REFUSED;
        }
    }

    public Fate fate() {
        int number = chance("fate").nextInt(100);
        if (number < 2) {
            return Fate.IS_REFUSED;
        }
        if (number < 4) {
            return Fate.WEARS_OUT;
        }
        return number < 12 ? Fate.RECOVERS : Fate.COMPLETES;
    }

    /** How many attempts of a task that recovers fail. */
    public int failures() {
        return chance("failures").nextInt(1, ATTEMPTS);
    }

    /** Whether the provider asks to wait first. */
    public boolean isThrottled() {
        return chance("throttled").nextInt(100) == 0;
    }

    /** How long the provider takes to answer, milliseconds. */
    public int latencyMillis() {
        return chance("latency").nextInt(150);
    }

    /** The external ids of the items it finds. */
    public List<String> outputs() {
        return IntStream.range(0, chance("outputs").nextInt(3))
                .mapToObj(index -> seed + path + ":" + index)
                .toList();
    }

    public List<TreeNode> children() {
        int depth = (int) path.chars().filter(character -> character == '.').count();
        var chance = chance("children");
        int count = switch (depth) {
            case 0 -> chance.nextInt(10, 60);
            case 1 -> chance.nextInt(7);
            case 2 -> chance.nextInt(3);
            default -> 0;
        };
        return IntStream.range(0, count)
                .mapToObj(child -> new TreeNode(seed, path + "." + child))
                .toList();
    }

    private SplittableRandom chance(String of) {
        return new SplittableRandom(seed * 1_000_003 + (path + "?" + of).hashCode());
    }
}
