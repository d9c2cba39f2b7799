package io.tributary.standalone.demo;

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.imap.ImapHostManager;
import com.icegreen.greenmail.imap.ImapHostManagerImpl;
import com.icegreen.greenmail.server.AbstractServer;
import com.icegreen.greenmail.smtp.SmtpManager;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.InMemoryStore;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.user.UserException;
import com.icegreen.greenmail.user.UserManager;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A real IMAP server in this process, on a free loopback port, with one mailbox of sample mail. Each server has the
 * same messages under the same UIDs and UIDVALIDITY, so that to a client it is one server that comes and goes.
 */
public final class DemoMailServer implements AutoCloseable {

    public static final String USER = "mira@boathouse.example";
    public static final String PASSWORD = "upstream";

    private static final String MAILBOX = "/demo/mailbox.mbox";
    private static final long UID_VALIDITY = 20260301;

    private final StableServer server;
    private final MailFolder inbox;

    private DemoMailServer(StableServer server, MailFolder inbox) {
        this.server = server;
        this.inbox = inbox;
    }

    /** Starts the server and fills the mailbox. */
    public static DemoMailServer start() {
        var server = new StableServer();
        server.start();
        try {
            GreenMailUser user = server.getUserManager().createUser(USER, USER, PASSWORD);
            var demo = new DemoMailServer(
                    server, server.getManagers().getImapHostManager().getInbox(user));
            sampleMail().forEach(demo::deliver);
            return demo;
        } catch (UserException | FolderException e) {
            server.stop();
            throw new IllegalStateException("the mail server refuses its only user", e);
        }
    }

    public int port() {
        return server.getImap().getPort();
    }

    /** How many messages are in the inbox. */
    public int size() {
        return inbox.getMessageCount();
    }

    /** Puts a message into the inbox, with the next UID. */
    public void deliver(byte[] message) {
        try {
            var mail = new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(message));
            Date sent = mail.getSentDate();
            inbox.appendMessage(mail, new Flags(), sent == null ? Date.from(Instant.EPOCH) : sent);
        } catch (MessagingException e) {
            throw new IllegalArgumentException("not a message", e);
        }
    }

    /** The sample mail, as bytes with CRLF line ends. */
    public static List<byte[]> sampleMail() {
        try (var resource = DemoMailServer.class.getResourceAsStream(MAILBOX)) {
            if (resource == null) {
                throw new IllegalStateException("not on the class path: " + MAILBOX);
            }
            return Mbox.messages(resource.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop();
    }

    /** GreenMail takes the time as UIDVALIDITY, which would make every start another mailbox. */
    private static final class StableServer extends GreenMail {

        StableServer() {
            super(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP));
        }

        @Override
        protected Map<String, AbstractServer> createServices(ServerSetup[] config, Managers ignored) {
            managers = new StableManagers();
            return super.createServices(config, managers);
        }
    }

    private static final class StableManagers extends Managers {

        private final ImapHostManager folders = new StableFolders();
        private final UserManager users = new UserManager(folders);
        private final SmtpManager smtp = new SmtpManager(folders, users);

        @Override
        public ImapHostManager getImapHostManager() {
            return folders;
        }

        @Override
        public UserManager getUserManager() {
            return users;
        }

        @Override
        public SmtpManager getSmtpManager() {
            return smtp;
        }
    }

    private static final class StableFolders extends ImapHostManagerImpl {

        StableFolders() {
            super(new InMemoryStore());
        }

        @Override
        public @Nullable MailFolder getFolder(GreenMailUser user, String name) {
            MailFolder folder = super.getFolder(user, name);
            return folder == null ? null : stable(folder);
        }

        private static MailFolder stable(MailFolder folder) {
            return (MailFolder) Proxy.newProxyInstance(
                    MailFolder.class.getClassLoader(), new Class<?>[] {MailFolder.class}, (_, method, arguments) -> {
                        if (method.getName().equals("getUidValidity")) {
                            return UID_VALIDITY;
                        }
                        try {
                            return method.invoke(folder, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
