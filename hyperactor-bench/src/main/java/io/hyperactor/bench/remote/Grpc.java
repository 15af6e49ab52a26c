package io.hyperactor.bench.remote;

import io.grpc.CallOptions;
import io.grpc.KnownLength;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.hyperactor.bench.Peer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;

/// grpc-java over a Unix socket on this machine: a channel in this process to a [GrpcServer] in
/// another one. Messages are plain bytes, so no protobuf is paid for.
public final class Grpc implements AutoCloseable {
    static final MethodDescriptor<byte[], byte[]> ECHO =
            method(MethodDescriptor.MethodType.UNARY, "echo");
    static final MethodDescriptor<byte[], byte[]> NEVER =
            method(MethodDescriptor.MethodType.UNARY, "never");
    static final MethodDescriptor<byte[], byte[]> SINK =
            method(MethodDescriptor.MethodType.BIDI_STREAMING, "sink");
    static final int MESSAGE_MAX_BYTES = 1 << 30;

    private static final int READY_BYTES = 1 << 20;

    private final ManagedChannel channel;
    private final CallOptions options;

    /// How both ends are set up.
    public enum Style {
        /// As it comes: handlers run on a pool of threads, 32 KiB may wait to be sent.
        DEFAULTS,
        /// As its documentation advises those whose handlers never block: they run on the event
        /// loop, the receiver asks for all messages at once, 1 MiB may wait to be sent.
        DIRECT
    }

    /// A channel to a server that tells this address.
    public Grpc(String path, Style style) {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(new DomainSocketAddress(path))
                        .channelType(EpollDomainSocketChannel.class)
                        .eventLoopGroup(loops(1))
                        .maxInboundMessageSize(MESSAGE_MAX_BYTES)
                        .overrideAuthority("bench")
                        .usePlaintext();
        channel = (style == Style.DIRECT ? builder.directExecutor() : builder).build();
        options =
                style == Style.DIRECT
                        ? CallOptions.DEFAULT.withOnReadyThreshold(READY_BYTES)
                        : CallOptions.DEFAULT;
    }

    static EventLoopGroup loops(int threads) {
        return new MultiThreadIoEventLoopGroup(threads, EpollIoHandler.newFactory());
    }

    /// Starts a server in another process.
    static Peer server(Style style) throws IOException {
        return Peer.start(GrpcServer.class, style.name());
    }

    private static MethodDescriptor<byte[], byte[]> method(
            MethodDescriptor.MethodType type, String name) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(type)
                .setFullMethodName("bench.Bench/" + name)
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
    }

    /// Sends bytes there and back, and waits.
    public byte[] ask(byte[] bytes) {
        return ClientCalls.blockingUnaryCall(channel, ECHO, options, bytes);
    }

    /// Sends bytes there and back.
    CompletableFuture<byte[]> request(byte[] bytes) {
        return call(ECHO, bytes);
    }

    /// A call that is never answered: it fails when the server is gone.
    public CompletableFuture<byte[]> never() {
        return call(NEVER, new byte[1]);
    }

    private CompletableFuture<byte[]> call(MethodDescriptor<byte[], byte[]> method, byte[] bytes) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        ClientCalls.asyncUnaryCall(
                channel.newCall(method, options),
                bytes,
                new StreamObserver<>() {
                    @Override
                    public void onNext(byte[] value) {
                        answer.complete(value);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        return answer;
    }

    /// Opens a stream; the other side answers messages of one byte and takes the others.
    void stream(StreamObserver<byte[]> observer) {
        var _ = ClientCalls.asyncBidiStreamingCall(channel.newCall(SINK, options), observer);
    }

    @Override
    public void close() {
        var _ = channel.shutdownNow();
    }

    /// Bytes as they are.
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new Known(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Tells its length, which spares gRPC a copy.
    private static final class Known extends ByteArrayInputStream implements KnownLength {
        Known(byte[] bytes) {
            super(bytes);
        }
    }
}
