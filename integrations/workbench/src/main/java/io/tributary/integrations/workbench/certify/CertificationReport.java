package io.tributary.integrations.workbench.certify;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a certification found.
 *
 * @param domain of the integration
 * @param version of the integration
 * @param results in the order of the checks
 */
public record CertificationReport(String domain, String version, List<Result> results) {

    /** What came of one check. @param took by the wall clock */
    public record Result(String name, Outcome outcome, Duration took) {

        /** One line: {@code passed | FAILED | n/a}, the seconds it took, its name, and what there is to say. */
        public String text() {
            return switch (outcome) {
                case Outcome.Passed passed -> line("passed", passed.note());
                case Outcome.Failed failed -> line("FAILED", failed.why());
                case Outcome.NotApplicable not -> line("n/a", not.reason());
            };
        }

        private String line(String word, String said) {
            String line = String.format(Locale.ROOT, "%-6s %6.2f s  %s", word, took.toMillis() / 1000.0, name);
            return said.isEmpty() ? line : line + " (" + said + ")";
        }
    }

    public CertificationReport {
        results = List.copyOf(results);
    }

    /** Whether no check failed. */
    public boolean isCertified() {
        return failed().isEmpty();
    }

    /** The checks that failed. */
    public List<Result> failed() {
        return results.stream()
                .filter(result -> result.outcome() instanceof Outcome.Failed)
                .toList();
    }

    /** How long all checks took, by the wall clock. */
    public Duration took() {
        return results.stream().map(Result::took).reduce(Duration.ZERO, Duration::plus);
    }

    /** A line for each check between a heading and the counts. */
    public String text() {
        var text = new StringBuilder("Certification of " + domain + " " + version + "\n\n");
        results.forEach(result -> text.append(result.text()).append('\n'));
        return text.append('\n').append(sum()).append('\n').toString();
    }

    /** One line: how many checks passed, failed and did not apply, and what follows of that. */
    public String sum() {
        return String.format(
                Locale.ROOT,
                "%d passed, %d failed, %d not applicable, in %.1f s: %s",
                count(Outcome.Passed.class),
                count(Outcome.Failed.class),
                count(Outcome.NotApplicable.class),
                took().toMillis() / 1000.0,
                isCertified() ? "certified" : "not certified");
    }

    private long count(Class<? extends Outcome> kind) {
        return results.stream()
                .filter(result -> kind.isInstance(result.outcome()))
                .count();
    }
}
