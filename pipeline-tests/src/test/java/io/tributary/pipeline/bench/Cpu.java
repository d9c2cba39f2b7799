package io.tributary.pipeline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** CPU time that the parts of a system have taken. */
record Cpu(Map<String, Duration> byPart) {

    private static final Duration TICK = Duration.ofMillis(10);

    /** Places of cutime and cstime behind the name of the program, see proc_pid_stat(5). */
    private static final int CHILDREN_USER = 13;

    private static final int CHILDREN_SYSTEM = 14;

    /** What processes have taken since they started. */
    static Cpu takenBy(Map<String, ? extends Collection<ProcessHandle>> parts) {
        var taken = new TreeMap<String, Duration>();
        parts.forEach((part, processes) -> taken.put(part, total(processes)));
        return new Cpu(taken);
    }

    /** Of a server that has a process for each connection: it, and those that it has now. */
    static List<ProcessHandle> withChildren(ProcessHandle server) {
        return Stream.concat(Stream.of(server), server.descendants()).toList();
    }

    Cpu since(Cpu earlier) {
        var taken = new TreeMap<String, Duration>();
        byPart.forEach((part, time) -> taken.put(part, time.minus(earlier.of(part))));
        return new Cpu(taken);
    }

    /** Microseconds for each of some tasks, all parts together. */
    double microsPer(long tasks) {
        return byPart.keySet().stream()
                .mapToDouble(part -> microsPer(tasks, part))
                .sum();
    }

    double microsPer(long tasks, String part) {
        return of(part).toNanos() / 1_000.0 / tasks;
    }

    private Duration of(String part) {
        return byPart.getOrDefault(part, Duration.ZERO);
    }

    private static Duration total(Collection<ProcessHandle> processes) {
        return processes.stream()
                .map(process ->
                        process.info().totalCpuDuration().orElse(Duration.ZERO).plus(ofEndedChildren(process)))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Without it, what a process took would be lost with its end; only Linux tells. */
    private static Duration ofEndedChildren(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return TICK.multipliedBy(Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM]));
        } catch (IOException e) {
            return Duration.ZERO; // not Linux, or it ended just now
        }
    }
}
