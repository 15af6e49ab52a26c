package io.hyperactor;

import io.hyperactor.channel.Admission;
import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.ChannelServer;
import io.hyperactor.channel.Channels;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.WireWriter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Channels to build routes from, and a client that sends through one.
final class Net implements AutoCloseable {
    private static final int PIN_OFFSET = 20;

    final Channels channels;
    final ProcConfig config;

    Net(Path directory) {
        channels = new Channels(limits(directory));
        config = ProcConfig.defaults().withChannels(channels);
    }

    static ChannelConfig limits(Path directory) {
        return ChannelConfig.standard()
                .withRuntimeDirectory(directory)
                .withDialWindow(Duration.ZERO);
    }

    /// A served address that notes whom what arrives is for.
    Station station(ChannelAddress address) {
        return new Station(address);
    }

    /// A proc that sends through `router`, and gets back what comes back.
    Scene sender(DialRouter router) {
        Proc proc =
                Proc.configured(
                        new ProcId(new ChannelAddress.Local(4711), "sender"), router, config);
        router.returnTo(proc);
        return new Scene(proc);
    }

    @Override
    public void close() {
        channels.close();
    }

    final class Station implements AutoCloseable {
        final List<byte[]> frames = new CopyOnWriteArrayList<>();
        private final Set<Object> links = ConcurrentHashMap.newKeySet();
        private final ChannelServer server;

        private Station(ChannelAddress address) {
            server =
                    channels.serve(
                            address,
                            Admission.open(),
                            (from, buffer, offset, length) -> {
                                links.add(from.session());
                                frames.add(Arrays.copyOfRange(buffer, offset, offset + length));
                                return true;
                            });
        }

        ChannelAddress address() {
            return server.address();
        }

        /// How many links brought frames so far.
        int links() {
            return links.size();
        }

        /// Waits for the next frames and gives whom they are for.
        List<String> procs(int count) {
            Waiting.until(() -> frames.size() >= count);
            return frames.stream().map(this::proc).toList();
        }

        private String proc(byte[] frame) {
            return envelope(frame).proc().name();
        }

        /// The numbers that have come so far.
        List<Long> numbers() {
            return frames.stream()
                    .map(frame -> (Work.Item) envelope(frame).message(Protocols.of(Work.class)))
                    .map(Work.Item::value)
                    .toList();
        }

        private static WireEnvelope envelope(byte[] frame) {
            return WireEnvelope.parse(frame, 0, frame.length, Home.of(new Nowhere()));
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /// Takes nothing.
    static class Nowhere implements MailboxSender {
        @Override
        public boolean offer(Envelope envelope) {
            return false;
        }

        @Override
        public CompletableFuture<Void> flush() {
            return CompletableFuture.completedFuture(null);
        }
    }

    /// The bytes of an envelope written by hand, as docs/wire-format.md lays them out.
    static byte[] frame(
            int version,
            int ttl,
            int flags,
            long port,
            long typeHash,
            String destination,
            String sender,
            Consumer<WireWriter> rest) {
        WireWriter out = new WireWriter(256);
        out.writeByte(version);
        out.writeByte(ttl);
        out.writeShort(flags);
        out.writeLong(port);
        out.writeLong(typeHash);
        if ((flags & Envelope.PINNED) != 0) {
            out.writeLong(0x1234_5678_9ABC_DEF1L);
        }
        if ((flags & Envelope.REQUEST) != 0) {
            out.writeLong(77);
        }
        for (String text : List.of(destination, sender)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.writeShort(bytes.length);
            out.writeRaw(bytes, 0, bytes.length);
        }
        rest.accept(out);
        return out.toByteArray();
    }

    /// The same bytes, pinned to another life of the destination.
    static byte[] pinnedTo(long incarnation, byte[] frame) {
        ByteBuffer.wrap(frame).putLong(PIN_OFFSET, incarnation);
        return frame;
    }
}
