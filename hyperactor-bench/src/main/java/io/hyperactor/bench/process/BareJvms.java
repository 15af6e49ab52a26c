package io.hyperactor.bench.process;

import io.hyperactor.bench.SocketFile;
import io.hyperactor.host.JavaCommand;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// Starts [BareJvm] with the flags and the class path that procs get.
final class BareJvms implements Children {
    private final SocketFile file = new SocketFile();
    private final ServerSocketChannel server;

    BareJvms() throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(file.path()));
    }

    @Override
    public Child start() throws IOException {
        JavaCommand command = JavaCommand.of(BareJvm.class).withArguments(file.path().toString());
        Process process =
                new ProcessBuilder(command.command())
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.DISCARD)
                        .start();
        Started child = new Started(process, server.accept());
        child.read();
        return child;
    }

    @Override
    public void close() {
        try (file) {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Started implements Child {
        private final Process process;
        private final SocketChannel socket;
        private final ByteBuffer one = ByteBuffer.allocate(1);

        Started(Process process, SocketChannel socket) {
            this.process = process;
            this.socket = socket;
        }

        void read() throws IOException {
            one.rewind();
            if (socket.read(one) != 1) {
                throw new EOFException("the JVM has ended");
            }
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public void ask() throws IOException {
            one.rewind();
            socket.write(one);
            read();
        }

        @Override
        public void stop() throws IOException, InterruptedException {
            socket.close();
            awaitExit();
        }

        @Override
        public void awaitExit() throws InterruptedException {
            process.waitFor();
        }
    }
}
