package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.Output;
import io.tributary.integrations.workbench.InMemoryRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A double of the provider, the items that it has, and the accounts that sync it. */
final class Fixture implements AutoCloseable {

    private static final int MOST_NAMED = 5;

    private final Provider provider;
    private final Set<String> expected = new TreeSet<>();
    /** The items that may come again in addition to the required ones, once an account had everything. */
    private final Set<String> again = new TreeSet<>();

    private final List<SyncedAccount> accounts = new ArrayList<>();

    Fixture(Provider provider) {
        this.provider = provider;
    }

    Provider provider() {
        return provider;
    }

    List<String> add(int count) {
        List<String> ids = provider.add(count);
        Breach.unless(
                ids.size() == count && Set.copyOf(ids).size() == count,
                "the double added " + ids + " when it was to add " + count + " items");
        expected.addAll(ids);
        return ids;
    }

    List<String> addThreePages() {
        return add(provider.itemsOfThreePages());
    }

    String addText(String text) {
        String id = provider.addText(text);
        expected.add(id);
        return id;
    }

    void delete(String externalId) {
        provider.delete(externalId);
        expected.remove(externalId);
    }

    /** An account that has not synced yet. */
    SyncedAccount account() {
        var account = new SyncedAccount(provider);
        accounts.add(account);
        return account;
    }

    /** An account that has all there is. */
    SyncedAccount syncedAccount() throws InterruptedException {
        SyncedAccount account = account();
        mustSucceed(account.sync());
        mustHaveEverything(account);
        provider.mayComeAgain(); // Whatever may, it came.
        again.clear();
        return account;
    }

    /** An account that has all of three pages. */
    SyncedAccount accountWithThreePages() throws InterruptedException {
        addThreePages();
        return syncedAccount();
    }

    /** How many requests reached the double so far. */
    long requests() {
        return switch (provider.wire()) {
            case Wire.Http http -> http.server().requests().size();
            case Wire.Tcp tcp -> tcp.proxy().sent();
            case Wire.None none -> 0;
        };
    }

    static void mustSucceed(InMemoryRun run) {
        Breach.unless(run.succeeded(), "the run failed: " + ReportText.failures(run));
    }

    /** Nothing lost, and nothing that is gone. */
    void mustHaveEverything(SyncedAccount account) {
        Set<String> ids = account.rows().ids();
        Breach.unless(ids.containsAll(expected), "lost: " + named(without(expected, ids)));
        Breach.unless(expected.containsAll(ids), "not at the provider: " + named(without(ids, expected)));
    }

    /** The same rows as those of an account that syncs now and that nothing happens to. */
    void mustEqualAnUndisturbedAccount(SyncedAccount account) throws InterruptedException {
        mustHaveEverything(account);
        Map<String, Output> undisturbed = syncedAccount().rows().items();
        account.rows().items().forEach((id, output) -> {
            Output other = undisturbed.get(id);
            Breach.unless(
                    output.equals(other),
                    id + " is " + ReportText.output(output) + " instead of " + ReportText.output(other));
        });
    }

    /** It ended well, with these items and no others but those that may come again, each once. */
    void mustBring(InMemoryRun run, Collection<String> ids) {
        mustSucceed(run);
        again.addAll(provider.mayComeAgain());
        List<String> brought = Rows.itemsOf(run).stream().map(Rows::idOf).toList();
        var others = new TreeSet<>(brought);
        ids.forEach(others::remove);
        Breach.unless(
                brought.containsAll(ids) && again.containsAll(others),
                "the run brought " + named(brought) + " instead of " + named(ids));
        mustBringNothingTwice(run);
    }

    static void mustBringNothingTwice(InMemoryRun run) {
        var seen = new TreeSet<String>();
        for (Output output : run.outputs()) {
            Breach.unless(seen.add(Rows.idOf(output)), "the run brought " + output.externalId() + " twice");
        }
    }

    private static Set<String> without(Set<String> some, Set<String> others) {
        var rest = new TreeSet<>(some);
        rest.removeAll(others);
        return rest;
    }

    private static String named(Collection<String> ids) {
        return ids.size() <= MOST_NAMED
                ? ids.toString()
                : ids.stream().limit(MOST_NAMED).toList() + " and " + (ids.size() - MOST_NAMED) + " more";
    }

    @Override
    public void close() {
        try {
            accounts.forEach(SyncedAccount::close);
        } finally {
            provider.close();
        }
    }
}
