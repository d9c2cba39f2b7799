package io.tributary.integrations.workbench.certify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Checks an integration against the contract that every integration keeps to. In a test, use {@link CertifiedTests};
 * outside of tests:
 *
 * <pre>
 * {@code CertificationReport report = Certification.of(ShopDouble::new).run();
 * System.out.println(report.text());
 * }</pre>
 *
 * <p>Time is that of a {@link io.tributary.integrations.workbench.SettableClock}; only checks of answers that never
 * come take a second or two each. For one thread.
 */
public final class Certification {

    private final List<Check> checks;
    private final Facts facts;

    private Certification(List<Check> checks, Facts facts) {
        this.checks = checks;
        this.facts = facts;
    }

    /** @param providers makes a new double for each fixture; one is made here, to find out which checks apply */
    public static Certification of(Supplier<? extends Provider> providers) {
        Facts facts;
        try (Provider provider = providers.get()) {
            facts = Facts.of(provider);
        }
        var fixtures = new Fixtures(providers, facts);
        return new Certification(rules().map(rule -> new Check(rule, fixtures)).toList(), facts);
    }

    private static Stream<Rule> rules() {
        return Stream.of(
                        ManifestRules.all(),
                        SyncRules.all(),
                        CrashRules.all(),
                        AccessRules.all(),
                        WaitRules.all(),
                        HttpFaultRules.all(),
                        TcpFaultRules.all(),
                        TextRules.all())
                .flatMap(rules -> rules);
    }

    /** The checks, in the order of the report. */
    public List<Check> checks() {
        return checks;
    }

    /** Runs all checks. @throws InterruptedException when interrupted */
    public CertificationReport run() throws InterruptedException {
        return run(result -> {});
    }

    /** Runs all checks. @param progress receives each result as soon as it is there, on the same thread */
    public CertificationReport run(Consumer<CertificationReport.Result> progress) throws InterruptedException {
        var results = new ArrayList<CertificationReport.Result>();
        for (Check check : checks) {
            long start = System.nanoTime();
            Outcome outcome = check.run();
            results.add(
                    new CertificationReport.Result(check.name(), outcome, Duration.ofNanos(System.nanoTime() - start)));
            progress.accept(results.getLast());
        }
        return new CertificationReport(
                facts.manifest().domain(), facts.manifest().version(), results);
    }
}
