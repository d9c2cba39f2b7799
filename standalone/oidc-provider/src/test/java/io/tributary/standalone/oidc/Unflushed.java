package io.tributary.standalone.oidc;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/** A response that is sent when its request ends, and not when somebody flushes or closes it. */
final class Unflushed extends HttpServletResponseWrapper {

    Unflushed(HttpServletResponse response) {
        super(response);
    }

    @Override
    public void flushBuffer() {
        // later
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        ServletOutputStream out = super.getOutputStream();
        return new ServletOutputStream() {
            @Override
            public boolean isReady() {
                return out.isReady();
            }

            @Override
            public void setWriteListener(WriteListener listener) {
                out.setWriteListener(listener);
            }

            @Override
            public void write(int b) throws IOException {
                out.write(b);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
            }

            @Override
            public void flush() {
                // later
            }

            @Override
            public void close() {
                // later
            }
        };
    }
}
