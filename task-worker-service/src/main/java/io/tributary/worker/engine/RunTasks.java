package io.tributary.worker.engine;

import io.tributary.schemas.Task;
import io.tributary.worker.codec.MessageCodec;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * The forms of waiting tasks in the store: the tasks of a run with many of them are compact, by a {@link TaskTemplate}
 * that the store holds once for the run. Stream thread only, but for {@link #decode}.
 */
final class RunTasks {

    /** A run gets a template with the first result of this many follow-up tasks; a few tasks are not worth one. */
    static final int MANY = 8;

    private final PendingStore store;
    private final MessageCodec codec;
    private final Map<UUID, Template> templates = new ConcurrentHashMap<>();

    RunTasks(PendingStore store, MessageCodec codec) {
        this.store = store;
        this.codec = codec;
    }

    /** Decoded with the first task that needs it, since the registry may be away at the start. */
    private static final class Template {
        private final byte[] example;
        private volatile @Nullable TaskTemplate decoded;

        private Template(byte[] example, @Nullable TaskTemplate decoded) {
            this.example = example;
            this.decoded = decoded;
        }

        private TaskTemplate decode(MessageCodec codec) {
            TaskTemplate known = decoded;
            if (known == null) {
                known = new TaskTemplate(codec.decodeTask(example));
                decoded = known;
            }
            return known;
        }
    }

    /** The store holds a template of a run. */
    void restore(UUID runId, byte[] example) {
        templates.put(runId, new Template(example, null));
    }

    /** A task of a run returned follow-up tasks, which are about to be stored. */
    void expect(UUID runId, List<Outcome.EncodedTask> followUps) {
        if (followUps.size() >= MANY && !templates.containsKey(runId)) {
            Outcome.EncodedTask example = followUps.getFirst();
            store.putTemplate(runId, example.bytes());
            templates.put(runId, new Template(example.bytes(), new TaskTemplate(example.task())));
        }
    }

    /** The form in which a task is stored. */
    byte[] stored(Outcome.EncodedTask followUp) {
        Template template = templates.get(followUp.task().getRunId());
        if (template == null) {
            return followUp.bytes();
        }
        try {
            byte[] compact = template.decode(codec).compact(followUp.task());
            return compact == null ? followUp.bytes() : compact;
        } catch (RetriableException e) {
            return followUp.bytes(); // The registry does not answer; the record itself is there.
        }
    }

    /**
     * The task of its stored form. Any thread.
     *
     * @throws RetriableException when the registry does not answer
     * @throws SerializationException when the bytes are not a task
     */
    Task decode(WaitingTask waiting) {
        if (!TaskTemplate.isCompact(waiting.bytes())) {
            return codec.decodeTask(waiting.bytes());
        }
        Template template = templates.get(waiting.runId());
        if (template == null) {
            throw new SerializationException("the store has no template of the run of a compact task");
        }
        return template.decode(codec).expand(waiting.bytes());
    }

    /** The run is over. */
    void forget(UUID runId) {
        if (templates.remove(runId) != null) {
            store.removeTemplate(runId);
        }
    }
}
