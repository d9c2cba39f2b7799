package io.tributary.standalone.cli;

import io.tributary.standalone.DataDir;
import io.tributary.standalone.Part;
import io.tributary.standalone.ServerPorts;
import io.tributary.standalone.Standalone;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts an instance and shows the started parts: one line that is redrawn, or a line a part. */
final class StartDisplay implements Part.Listener {

    private final Terminal terminal;
    private final Map<Part, Duration> ready = Collections.synchronizedMap(new EnumMap<>(Part.class));

    private StartDisplay(Terminal terminal) {
        this.terminal = terminal;
    }

    static Standalone start(DataDir dataDir, ServerPorts ports, Terminal terminal) throws InterruptedException {
        var display = new StartDisplay(terminal);
        display.show();
        var standalone = Standalone.start(dataDir, ports, display);
        display.showStarted();
        return standalone;
    }

    /** Since this JVM began. */
    static Duration uptime() {
        return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    }

    @Override
    public synchronized void ready(Part part) {
        ready.put(part, uptime());
        show();
    }

    private void show() {
        if (terminal.isLive()) {
            String parts = Stream.of(Part.values()).map(this::mark).collect(Collectors.joining("  "));
            terminal.draw(List.of("starting  " + parts));
        } else if (ready.isEmpty()) {
            terminal.line("starting");
        }
    }

    private void showStarted() {
        var services = Collections.max(ready.values());
        terminal.draw(List.of("started in %s  (%s, services %s)"
                .formatted(
                        Text.seconds(uptime()),
                        Stream.of(Part.POSTGRES, Part.KAFKA, Part.REGISTRY)
                                .map(part -> part.title() + " " + Text.seconds(ready.getOrDefault(part, services)))
                                .collect(Collectors.joining(", ")),
                        Text.seconds(services))));
    }

    private String mark(Part part) {
        return ready.containsKey(part) ? terminal.good("✓ " + part.title()) : terminal.faint("· " + part.title());
    }
}
