package io.tributary.integrations.declarative;

import static java.util.Objects.requireNonNull;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Listing;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.declarative.Definition.Connect;
import io.tributary.integrations.declarative.Definition.ForEach;
import io.tributary.integrations.declarative.Definition.Stream;
import io.tributary.integrations.declarative.Definition.SyncPlan;
import io.tributary.integrations.declarative.ProviderAnswer.Meaning;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An integration that a YAML file describes. Each sync type starts with a task {@code sync-<name>}, which starts its
 * streams; a task of a stream reads one page of it ({@link ReadPage}); a task of an action has one effect
 * ({@link PerformAction}).
 *
 * <table>
 *   <caption>failures in addition to those of {@link io.tributary.integrations.api.Http} and of the file</caption>
 *   <tr><td>{@code <domain>.requestRefused}</td><td>Permanent: a 4xx without another meaning</td></tr>
 *   <tr><td>{@code <domain>.expressionFailed}</td><td>Permanent: an answer that is not as the file says</td></tr>
 *   <tr><td>{@code <domain>.invalidInput}</td><td>Permanent: the input of an action is not as its schema says</td></tr>
 *   <tr><td>{@code <domain>.badAddress}, {@code badHeader}</td><td>Misconfigured: the config makes no request</td></tr>
 *   <tr><td>{@code <domain>.tooManyPages}, {@code pagesRepeat}, {@code pageTooLarge}, {@code payloadTooLarge},
 *       {@code stateTooLarge}</td><td>Permanent: a bound; its message says what to change</td></tr>
 * </table>
 */
public final class DeclarativeIntegration implements Integration {

    private final Definition definition;
    private final Sessions sessions = new Sessions();
    private final Downloads downloads = new Downloads();

    private DeclarativeIntegration(Definition definition) {
        this.definition = definition;
    }

    /**
     * Reads a file, in UTF-8, and compiles its expressions, so that a mistake shows at start.
     *
     * @throws InvalidFileException when it does not describe an integration; its message has all problems found
     * @throws IOException when it cannot be read
     */
    public static DeclarativeIntegration read(Path file) throws InvalidFileException, IOException {
        String name = String.valueOf(file.getFileName());
        try {
            return parse(name, Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new InvalidFileException(name, List.of(new Problem(1, 1, "the file is not UTF-8: save it as UTF-8")));
        }
    }

    /**
     * The same for text.
     *
     * @param name of the file, for messages
     */
    public static DeclarativeIntegration parse(String name, String yaml) throws InvalidFileException {
        try {
            YamlFile file = YamlFile.read(name, yaml);
            CheckShape.of(file);
            return new DeclarativeIntegration(new ReadDefinition(file).read());
        } catch (StackOverflowError e) {
            // Neither the YAML library nor those of the schema and the expressions have a bound for this.
            throw new InvalidFileException(name, List.of(new Problem(1, 1, "the file is nested too deep")));
        }
    }

    /**
     * The same with smaller pages than the file has: for doubles of a provider, so that three pages are a few records.
     *
     * @param most records of a page, 1 and up
     */
    public DeclarativeIntegration withPagesOf(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("a page of " + most + " records; it must be 1 and up");
        }
        return new DeclarativeIntegration(definition.withPagesOf(most));
    }

    Definition definition() {
        return definition;
    }

    @Override
    public Manifest manifest() {
        return definition.manifest();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        ActionPlan action = definition.actions().get(task.type());
        if (action != null) {
            return new PerformAction(provider(context).ofAction(), action, context).run(task);
        }
        Stream stream = definition.streams().get(task.type());
        try {
            if (stream == null) {
                WarnOfSunset.now(definition, context);
                return start(task.type(), provider(context));
            }
            return ReadPage.run(provider(context), stream, task.payload());
        } catch (ExpressionFailure e) {
            throw failed(e);
        }
    }

    @Override
    public Optional<TaskResult> lookUp(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        ActionPlan action = definition.actions().get(task.type());
        return action == null ? Optional.empty() : new PerformAction(provider(context), action, context).lookUp(task);
    }

    private Provider provider(TaskContext context) throws TaskFailure {
        return new Provider(definition, context, sessions, downloads);
    }

    private TaskResult start(String type, Provider provider) throws TaskFailure, ExpressionFailure {
        SyncPlan plan = type.startsWith(Definition.SYNC)
                ? definition.syncTypes().get(type.substring(Definition.SYNC.length()))
                : null;
        if (plan == null) {
            throw new IllegalArgumentException("there is no task type " + type);
        }
        var tasks = new ArrayList<FollowUp>();
        for (String name : plan.streams()) {
            tasks.addAll(firstPages(requireNonNull(definition.streams().get(name), name), provider));
        }
        TaskResult result = TaskResult.ofTasks(tasks);
        return plan.listsEverything() ? result.withListing(Listing.ofEverything(List.of())) : result;
    }

    /** One for a stream that is read once, and one for each item of the list that it is read for. */
    private static List<FollowUp> firstPages(Stream stream, Provider provider) throws ExpressionFailure, TaskFailure {
        ForEach forEach = stream.forEach();
        if (forEach == null) {
            return List.of(new FollowUp(stream.name(), JsonObject.EMPTY));
        }
        Scope scope = provider.scope();
        List<?> items = Values.list(forEach.items().of(null, scope));
        if (items.size() >= TaskResult.MAX_FOLLOW_UPS) {
            throw new TaskFailure.Misconfigured(
                    provider.domain() + ".listTooLong",
                    "The list that " + stream.name() + " is read for has " + items.size() + " items; the most is "
                            + (TaskResult.MAX_FOLLOW_UPS - 1) + ".",
                    null);
        }
        var tasks = new ArrayList<FollowUp>();
        for (Object item : items) {
            var fields = new LinkedHashMap<String, @Nullable Object>();
            for (var field : forEach.with().entrySet()) {
                fields.put(field.getKey(), field.getValue().of(item, scope));
            }
            tasks.add(PageTask.first(new JsonObject(fields)).of(stream.name()));
        }
        return tasks;
    }

    /**
     * Sends the request of {@code connect} of the file. Without one, it reads the first page of the first stream: that
     * shows whether config and credentials work, and identifies no account. A file without streams only has the
     * credentials checked: they must be there, and must be of a form that can be sent.
     */
    @Override
    public Account identify(TaskContext context) throws TaskFailure, InterruptedException {
        Connect connect = definition.connect();
        try {
            Provider provider = provider(context);
            if (connect == null && definition.streams().isEmpty()) {
                provider.checkCredentials();
                return Account.UNKNOWN;
            }
            if (connect == null) {
                var first = firstPages(firstStream(), provider);
                if (!first.isEmpty()) {
                    tryOut(provider, firstStream(), first.getFirst().payload());
                }
                return Account.UNKNOWN;
            }
            return account(connect, provider);
        } catch (ExpressionFailure e) {
            throw failed(e);
        }
    }

    private static void tryOut(Provider provider, Stream stream, JsonObject payload)
            throws TaskFailure, ExpressionFailure, InterruptedException {
        TaskResult result = ReadPage.run(provider, stream, payload);
        if (stream.incremental() instanceof Incremental.Windows
                && !result.tasks().isEmpty()) {
            // The first only cut windows.
            result = ReadPage.run(provider, stream, result.tasks().getFirst().payload());
        }
        for (FollowUp next : result.tasks()) {
            FilePosition rest = PageTask.of(next.payload()).file();
            if (rest != null) {
                provider.downloads().drop(rest.key());
            }
        }
    }

    private Stream firstStream() {
        String syncType = manifest().syncTypes().getFirst().name();
        SyncPlan plan = requireNonNull(definition.syncTypes().get(syncType), syncType);
        return requireNonNull(definition.streams().get(plan.streams().getFirst()), "the file was checked");
    }

    private static Account account(Connect connect, Provider provider)
            throws TaskFailure, ExpressionFailure, InterruptedException {
        Scope scope = provider.scope();
        ProviderAnswer answer =
                provider.send(provider.request(connect.request(), scope), connect.request(), connect.works(), scope);
        if (answer.meaning() != Meaning.RECORDS) {
            return Account.UNKNOWN;
        }
        var settings = new LinkedHashMap<String, @Nullable Object>();
        for (var setting : connect.settings().entrySet()) {
            Object value = setting.getValue().of(answer.body(), scope);
            if (value != null) {
                settings.put(setting.getKey(), value);
            }
        }
        return new Account(
                connect.id() == null ? null : connect.id().text(answer.body(), scope),
                connect.displayName() == null ? null : connect.displayName().text(answer.body(), scope),
                new JsonObject(settings));
    }

    @Override
    public void close() {
        downloads.close();
    }

    private TaskFailure.Permanent failed(ExpressionFailure failure) {
        return new TaskFailure.Permanent(definition.domain() + ".expressionFailed", failure.reason(), failure);
    }
}
