package io.hyperactor.bench.remote;

import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.hyperactor.bench.Peer;
import io.hyperactor.bench.SocketFile;

import java.io.IOException;

/// The other side of [Grpc], in a process of its own.
public final class GrpcServer {
    private GrpcServer() {}

    /// Runs until the input ends.
    ///
    /// @param arguments the style
    public static void main(String[] arguments) throws IOException {
        Grpc.Style style = Grpc.Style.valueOf(arguments[0]);
        try (SocketFile file = new SocketFile()) {
            String path = file.path().toString();
            NettyServerBuilder builder =
                    NettyServerBuilder.forAddress(new DomainSocketAddress(path))
                            .channelType(EpollServerDomainSocketChannel.class)
                            .bossEventLoopGroup(Grpc.loops(1))
                            .workerEventLoopGroup(Grpc.loops(2))
                            .maxInboundMessageSize(Grpc.MESSAGE_MAX_BYTES)
                            .addService(service(style));
            if (style == Grpc.Style.DIRECT) {
                builder.directExecutor();
            }
            builder.build().start();
            Peer.serve(path);
        }
        Runtime.getRuntime().halt(0);
    }

    private static ServerServiceDefinition service(Grpc.Style style) {
        return ServerServiceDefinition.builder("bench.Bench")
                .addMethod(Grpc.ECHO, ServerCalls.asyncUnaryCall(GrpcServer::echo))
                .addMethod(Grpc.NEVER, ServerCalls.asyncUnaryCall((_, _) -> {}))
                .addMethod(Grpc.SINK, ServerCalls.asyncBidiStreamingCall(out -> sink(out, style)))
                .build();
    }

    private static void echo(byte[] bytes, StreamObserver<byte[]> out) {
        out.onNext(bytes);
        out.onCompleted();
    }

    private static StreamObserver<byte[]> sink(StreamObserver<byte[]> out, Grpc.Style style) {
        if (style == Grpc.Style.DIRECT) {
            var call = (ServerCallStreamObserver<byte[]>) out;
            call.disableAutoRequest();
            call.request(Integer.MAX_VALUE);
        }
        return new Sink(out);
    }

    private record Sink(StreamObserver<byte[]> out) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] value) {
            if (value.length == 1) {
                out.onNext(value);
            }
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {
            out.onCompleted();
        }
    }
}
