package io.tributary.integrations.apns;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.proxy.ProxyHandler;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a checked address in place of the name that the client knows, which stays the one that TLS proves. Netty
 * has a place for this, a proxy: this one says nothing, and is connected as soon as its address is.
 */
final class ConnectToAddress extends ProxyHandler {

    private static final Object CONNECTED = new Object();

    ConnectToAddress(SocketAddress address) {
        super(address);
    }

    @Override
    public String protocol() {
        return "address";
    }

    @Override
    public String authScheme() {
        return "none";
    }

    @Override
    protected void addCodec(ChannelHandlerContext context) {}

    @Override
    protected void removeEncoder(ChannelHandlerContext context) {}

    @Override
    protected void removeDecoder(ChannelHandlerContext context) {}

    /** There is no message to a proxy; and no answer, so that this gives it itself. */
    @Override
    protected @Nullable Object newInitialMessage(ChannelHandlerContext context) {
        context.executor().execute(() -> context.channel().pipeline().fireChannelRead(CONNECTED));
        return null;
    }

    @Override
    protected boolean handleResponse(ChannelHandlerContext context, Object response) {
        return response == CONNECTED;
    }
}
