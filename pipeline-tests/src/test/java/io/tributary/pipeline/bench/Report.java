package io.tributary.pipeline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The figures of some scenarios, as a table and as JSON. A scenario that fails does not keep the others from theirs.
 */
final class Report {

    private final Map<String, Object> machine = new LinkedHashMap<>(Machine.facts());
    private final Figures figures = new Figures();
    private final List<String> failed = new ArrayList<>();

    /** @param settings what else the figures depend on */
    Report(Map<String, Object> settings) {
        machine.putAll(settings);
    }

    void measure(Scenario.Named named, Lab lab, Effort effort) throws InterruptedException {
        System.err.println(named.name());
        try {
            named.scenario().measure(lab, effort, figures);
        } catch (RuntimeException e) {
            failed.add(named.name());
            System.err.println("  failed: " + e);
            if (e.getCause() != null) {
                System.err.println("  because: " + NestedExceptionUtils.getMostSpecificCause(e));
            }
        }
    }

    /**
     * Prints the table, and writes the JSON where it is wanted.
     *
     * @return the exit code: 1 when a scenario failed
     */
    int finish(@Nullable Path json) {
        System.out.print(figures.table());
        if (json != null) {
            write(json);
        }
        if (!failed.isEmpty()) {
            System.err.println("bench: failed: " + String.join(", ", failed));
        }
        return failed.isEmpty() ? 0 : 1;
    }

    private void write(Path file) {
        var report = new LinkedHashMap<String, Object>();
        report.put("machine", machine);
        report.put("figures", figures.toJson());
        var mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        try {
            Files.writeString(file, mapper.writeValueAsString(report) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
