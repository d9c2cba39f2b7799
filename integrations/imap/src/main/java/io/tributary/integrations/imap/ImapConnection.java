package io.tributary.integrations.imap;

import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.mail.ByteSlice;
import io.tributary.integrations.sockets.KeptConnections;
import jakarta.mail.Flags;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.BODY;
import org.eclipse.angus.mail.imap.protocol.FLAGS;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.eclipse.angus.mail.imap.protocol.INTERNALDATE;
import org.eclipse.angus.mail.imap.protocol.ListInfo;
import org.eclipse.angus.mail.imap.protocol.MailboxInfo;
import org.eclipse.angus.mail.imap.protocol.RFC822SIZE;
import org.eclipse.angus.mail.imap.protocol.UID;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is logged in: the few commands that a sync needs, none of which changes anything on the server. For
 * one thread at a time.
 *
 * <p>Every command ends within the timeouts of {@link OpenConnection}, or when the virtual thread is interrupted. After
 * a failure of the connection itself it {@link #isBroken}; after a refusal it is as good as before.
 */
final class ImapConnection implements KeptConnections.Connection {

    /** The part of a message to download. PEEK, lest the message becomes \Seen (RFC 9051, section 6.4.5). */
    enum Extent {
        WHOLE("BODY.PEEK[]"),
        HEADER("BODY.PEEK[HEADER]");

        private final String item;

        Extent(String item) {
            this.item = item;
        }
    }

    private static final List<Map.Entry<Flags.Flag, String>> SYSTEM_FLAGS = List.of(
            Map.entry(Flags.Flag.SEEN, "\\Seen"),
            Map.entry(Flags.Flag.ANSWERED, "\\Answered"),
            Map.entry(Flags.Flag.FLAGGED, "\\Flagged"),
            Map.entry(Flags.Flag.DELETED, "\\Deleted"),
            Map.entry(Flags.Flag.DRAFT, "\\Draft"));

    private final BoundedProtocol protocol;
    private final Failures failures;
    private @Nullable Mailbox examined;
    private boolean broken;

    ImapConnection(BoundedProtocol protocol, Failures failures) {
        this.protocol = protocol;
        this.failures = failures;
    }

    @Override
    public boolean isBroken() {
        return broken;
    }

    /** Opens a folder read-only, and sees all messages that are in it by now. */
    Mailbox examine(String folder) throws TaskFailure, InterruptedException {
        examined = null;
        MailboxInfo info;
        try {
            info = exchange(() -> protocol.examine(folder));
        } catch (CommandFailedException e) {
            throw failures.folderRejected(e, folders());
        }
        if (info.uidvalidity <= 0 || info.uidNotSticky) {
            throw failures.folderUnsupported();
        }
        examined = new Mailbox(info.uidvalidity, info.uidnext > 0 ? info.uidnext - 1 : highestUid(info.total));
        return examined;
    }

    /** The folder as this connection opened it last; opens it if it did not. It may lack the newest messages. */
    Mailbox examined(String folder) throws TaskFailure, InterruptedException {
        return examined == null ? examine(folder) : examined;
    }

    /** The UIDs in use from {@code first} to {@code last}; of more than {@link UidSet#MAX_SIZE} the lowest. */
    UidSet search(long first, long last, Options options) throws TaskFailure, InterruptedException {
        LongStream found = searched("UID " + first + ":" + last + SearchDates.keys(options));
        return UidSet.lowest(found.filter(uid -> uid >= first && uid <= last));
    }

    /** Those of the messages that are still there. */
    UidSet present(UidSet uids) throws TaskFailure, InterruptedException {
        LongStream found = LongStream.empty();
        for (String set : uids.commands()) {
            found = LongStream.concat(found, searched("UID " + set));
        }
        return UidSet.lowest(found.filter(uids::contains));
    }

    /** Sizes and dates of messages, by UID; messages that are gone are not in it. */
    Map<Long, Listed> list(UidSet uids) throws TaskFailure, InterruptedException {
        var listed = new TreeMap<Long, Listed>();
        for (String set : uids.commands()) {
            eachFetched(command("UID FETCH " + set + " (UID RFC822.SIZE INTERNALDATE)"), (uid, items) -> {
                RFC822SIZE size = items.getItem(RFC822SIZE.class);
                listed.put(uid, new Listed(uid, size == null ? -1 : size.size, internalDate(items)));
            });
        }
        listed.keySet().removeIf(uid -> !uids.contains(uid));
        return listed;
    }

    /**
     * Downloads messages, all in one go; messages that are gone are not among them.
     *
     * @throws TaskFailure.Permanent {@code imap.messageRefused} when the server does not hand one of them out
     */
    List<Fetched> fetch(UidSet uids, Extent extent) throws TaskFailure, InterruptedException {
        return fetch(uids, "(UID FLAGS INTERNALDATE RFC822.SIZE " + extent.item + ")");
    }

    /** The same with nothing but the source, for servers whose other answers about a message make no sense. */
    List<Fetched> fetchBare(UidSet uids, Extent extent) throws TaskFailure, InterruptedException {
        return fetch(uids, "(UID " + extent.item + ")");
    }

    /** Says goodbye without waiting for the answer, and closes. */
    @Override
    public void logout() {
        try {
            protocol.writeCommand("LOGOUT", null);
        } catch (IOException | ProtocolException | RuntimeException e) {
            // It is closed next, whether the server heard or not.
        } finally {
            disconnect();
        }
    }

    @Override
    public void disconnect() {
        broken = true;
        protocol.disconnect();
    }

    private List<Fetched> fetch(UidSet uids, String items) throws TaskFailure, InterruptedException {
        var fetched = new TreeMap<Long, Fetched>();
        try {
            for (String set : uids.commands()) {
                eachFetched(exchange(() -> completed("UID FETCH " + set + " " + items)), (uid, answer) -> {
                    BODY body = answer.getItem(BODY.class);
                    if (body != null && body.getByteArray() != null && uids.contains(uid)) {
                        fetched.put(uid, fetched(uid, answer, body));
                    }
                });
            }
        } catch (CommandFailedException e) {
            throw failures.messageRejected(uids, e);
        }
        return List.copyOf(fetched.values());
    }

    private static Fetched fetched(long uid, FetchResponse items, BODY body) {
        var bytes = body.getByteArray();
        RFC822SIZE size = items.getItem(RFC822SIZE.class);
        return new Fetched(
                uid,
                flags(items),
                internalDate(items),
                body.isHeader() && size != null ? size.size : bytes.getCount(),
                ByteSlice.of(bytes.getBytes(), bytes.getStart(), bytes.getCount()));
    }

    private static @Nullable Instant internalDate(FetchResponse items) {
        INTERNALDATE date = items.getItem(INTERNALDATE.class);
        return date == null || date.getDate() == null ? null : date.getDate().toInstant();
    }

    private static List<String> flags(FetchResponse items) {
        FLAGS flags = items.getItem(FLAGS.class);
        if (flags == null) {
            return List.of();
        }
        var names = new ArrayList<String>();
        SYSTEM_FLAGS.stream()
                .filter(flag -> flags.contains(flag.getKey()))
                .map(Map.Entry::getValue)
                .forEach(names::add);
        names.addAll(Arrays.asList(flags.getUserFlags()));
        return names;
    }

    private LongStream searched(String keys) throws TaskFailure, InterruptedException {
        var uids = LongStream.builder();
        each(command("UID SEARCH " + keys), response -> {
            if (response.keyEquals("SEARCH")) {
                for (long uid = response.readLong(); uid >= 0; uid = response.readLong()) {
                    uids.add(uid);
                }
            }
        });
        return uids.build();
    }

    private long highestUid(int messages) throws TaskFailure, InterruptedException {
        if (messages <= 0) {
            return 0;
        }
        var highest = new ArrayList<Long>();
        eachFetched(command("FETCH " + messages + " (UID)"), (uid, items) -> highest.add(uid));
        return highest.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** The folders one can open; none when the server does not list them. */
    private List<String> folders() throws TaskFailure, InterruptedException {
        try {
            ListInfo[] folders = exchange(() -> protocol.list("", "*"));
            return folders == null
                    ? List.of()
                    : Stream.of(folders)
                            .filter(folder -> folder.canOpen)
                            .map(folder -> folder.name)
                            .toList();
        } catch (CommandFailedException e) {
            return List.of();
        }
    }

    private interface Exchange<T> {
        T run() throws ProtocolException;
    }

    private interface ForMessage {
        void accept(long uid, FetchResponse items);
    }

    private Response[] command(String command) throws TaskFailure, InterruptedException {
        try {
            return exchange(() -> completed(command));
        } catch (CommandFailedException e) {
            throw failures.rejected(e);
        }
    }

    private Response[] completed(String command) throws ProtocolException {
        Response[] responses = protocol.command(command, null);
        protocol.handleResult(responses[responses.length - 1]);
        return responses;
    }

    private <T> T exchange(Exchange<T> exchange) throws CommandFailedException, TaskFailure, InterruptedException {
        try {
            return exchange.run();
        } catch (CommandFailedException refusal) {
            throw refusal;
        } catch (ProtocolException | RuntimeException failure) {
            broken = true;
            throw failures.broken(failure);
        }
    }

    private static void each(Response[] responses, Consumer<IMAPResponse> action) {
        for (Response response : responses) {
            if (response instanceof IMAPResponse untagged && untagged.isUnTagged()) {
                action.accept(untagged);
            }
        }
    }

    /** Calls the action for each message of an answer. A server may add others, whose flags changed meanwhile. */
    private static void eachFetched(Response[] responses, ForMessage action) {
        each(responses, response -> {
            if (response instanceof FetchResponse items && items.getItem(UID.class) != null) {
                action.accept(items.getItem(UID.class).uid, items);
            }
        });
    }
}
