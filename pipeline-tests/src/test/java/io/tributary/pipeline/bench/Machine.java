package io.tributary.pipeline.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What figures were measured on: without it they mean nothing. */
final class Machine {

    private static final int MEGABYTE = 1024 * 1024;

    private Machine() {}

    /** Facts about this machine, as the JSON of a report has them. */
    static Map<String, Object> facts() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        var facts = new LinkedHashMap<String, Object>();
        facts.put("os", system.getName() + " " + system.getVersion());
        facts.put("arch", system.getArch());
        facts.put("cpu", cpu());
        facts.put("cpus", system.getAvailableProcessors());
        facts.put("memoryMb", system.getTotalMemorySize() / MEGABYTE);
        facts.put("loadAverageBefore", system.getSystemLoadAverage());
        facts.put("java", Runtime.version().toString());
        return facts;
    }

    private static String cpu() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown"; // not Linux
        }
    }
}
