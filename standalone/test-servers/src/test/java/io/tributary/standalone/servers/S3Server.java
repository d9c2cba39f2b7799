package io.tributary.standalone.servers;

import com.robothy.netty.initializer.HttpServerInitializer;
import com.robothy.netty.router.Router;
import com.robothy.s3.rest.LocalS3;
import com.robothy.s3.rest.bootstrap.LocalS3Mode;
import com.robothy.s3.rest.handler.LocalS3RouterFactory;
import com.robothy.s3.rest.service.ServiceFactory;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * An S3-compatible store for tests, LocalS3, in memory; one for all tests of a JVM, on a free port of the loopback
 * address. Bound here rather than by its own start, which listens on every address of the machine. Whoever uses it
 * declares {@code local-s3-rest} and {@code netty-codec-http} in test scope; they are no part of the embedded default.
 *
 * <pre>
 *   running --stop--> away --resume--> running    on the same port, with what was stored
 * </pre>
 */
public final class S3Server {

    private static final ThreadFactory DAEMONS = new DefaultThreadFactory("s3", true);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, DAEMONS, NioIoHandler.newFactory());
    private final DefaultEventLoopGroup workers = new DefaultEventLoopGroup(2, DAEMONS);
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Router router;
    private int port;
    private @Nullable Channel channel;

    private S3Server(ServiceFactory services) {
        this.router = LocalS3RouterFactory.create(services);
    }

    /** @throws ServerFailure when it cannot start */
    public static S3Server shared() {
        return Shared.SERVER;
    }

    private static S3Server start() {
        try {
            var localS3 = LocalS3.builder().mode(LocalS3Mode.IN_MEMORY).build();
            var factory = LocalS3.class.getDeclaredMethod("createServiceFactory");
            factory.setAccessible(true);
            var server = new S3Server((ServiceFactory) factory.invoke(localS3));
            server.resume();
            return server;
        } catch (ReflectiveOperationException e) {
            throw new ServerFailure(
                    ServerFailure.Reason.START_FAILED, "LocalS3 is made in another way in this version", e);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Makes a bucket; requests need no signature here. */
    public void createBucket(String name) {
        try (var http = HttpClient.newHttpClient()) {
            var made = http.send(
                    HttpRequest.newBuilder(endpoint().resolve("/" + name))
                            .PUT(BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.discarding());
            if (made.statusCode() != 200) {
                throw new IllegalStateException("bucket " + name + ": " + made.statusCode());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Nobody can reach it, until it is resumed. */
    public synchronized void stop() {
        if (channel != null) {
            channel.close().syncUninterruptibly();
            connections.close().syncUninterruptibly(); // clients keep them open for the next request
            channel = null;
        }
    }

    public synchronized void resume() {
        if (channel == null) {
            channel = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel connection) {
                            connections.add(connection);
                            connection.pipeline().addLast(new HttpServerInitializer(workers, router));
                        }
                    })
                    .bind(InetAddress.getLoopbackAddress(), port)
                    .syncUninterruptibly()
                    .channel();
            port = ((InetSocketAddress) channel.localAddress()).getPort();
        }
    }

    private static final class Shared {
        static final S3Server SERVER = start();
    }
}
