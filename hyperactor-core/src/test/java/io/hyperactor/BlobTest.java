package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.hyperactor.BlobMessage.Piece;
import io.hyperactor.BlobMessage.Pull;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Blobs, read from another proc and from their own.
final class BlobTest {
    private static final int PIECE = Blob.PIECE_MAX_BYTES;
    private static final int AHEAD = BlobInput.AHEAD_MAX;

    @TempDir private Path directory;
    private Pair pair;

    private void pair(Transport transport) {
        pair = new Pair(transport, directory);
    }

    @AfterEach
    void end() {
        if (pair != null) {
            pair.close();
        }
    }

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private ActorHandle<BlobMessage> offer(ActorType<BlobMessage> blob) {
        return pair.there.proc.spawn("blob", blob);
    }

    private ActorHandle<BlobMessage> offer(byte[] bytes) {
        return offer(Blob.of(ByteBuffer.wrap(bytes), Waiting.PATIENCE));
    }

    private InputStream open(ActorHandle<BlobMessage> blob) {
        return Blob.open(pair.here.client, blob.ref(), Waiting.PATIENCE);
    }

    @Test
    void theProtocolIsAsItIsWrittenDown() {
        assertThat(Protocols.of(BlobMessage.class).hash()).isEqualTo(0xc1072c6f2da01903L);
        assertThat(Protocols.of(Piece.class).hash()).isEqualTo(0x2324304fd08fe5f2L);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void aBlobOfAnyLengthArrivesWhole(Transport transport) throws Exception {
        pair(transport);
        for (int length :
                List.of(
                        0,
                        1,
                        PIECE - 1,
                        PIECE,
                        PIECE + 1,
                        (AHEAD + 1) * PIECE - 1,
                        (AHEAD + 1) * PIECE,
                        (AHEAD + 1) * PIECE + 1,
                        50 * PIECE + 7)) {
            byte[] bytes = bytes(length, length);
            ActorHandle<BlobMessage> blob = offer(bytes);
            ByteArrayOutputStream out = new ByteArrayOutputStream();

            assertThat(open(blob).transferTo(out)).isEqualTo(length);
            assertThat(out.toByteArray()).isEqualTo(bytes);
            assertThat(open(blob).readAllBytes()).isEqualTo(bytes);
            assertThat(Blob.open(pair.there.client, blob.ref(), Waiting.PATIENCE).readAllBytes())
                    .isEqualTo(bytes);
            blob.stop("done");
            Waiting.get(blob.ended());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void manyReadersReadAsTheyLike(Transport transport) throws Exception {
        pair(transport);
        long seed = System.nanoTime();
        byte[] bytes = bytes(30 * PIECE + 1234, seed);
        ActorHandle<BlobMessage> blob = offer(bytes);
        var readers =
                new Random(seed)
                        .longs(8)
                        .mapToObj(
                                own -> Waiting.inBackground(() -> readPiecemeal(blob, bytes, own)))
                        .toList();

        for (CompletableFuture<Integer> reader : readers) {
            assertThat(Waiting.get(reader)).as("seed %d", seed).isEqualTo(bytes.length);
        }
    }

    /// Reads in steps of all kinds, and gives how many bytes were right.
    private int readPiecemeal(ActorHandle<BlobMessage> blob, byte[] bytes, long seed)
            throws IOException {
        Random random = new Random(seed);
        int right = 0;
        try (InputStream in = open(blob)) {
            while (true) {
                byte[] step = new byte[1 + random.nextInt(1 << random.nextInt(1, 18))];
                int from = random.nextInt(step.length);
                int count = in.read(step, from, step.length - from);
                if (count < 0) {
                    assertThat(in.read()).isEqualTo(-1);
                    return right;
                }
                assertThat(ByteBuffer.wrap(step, from, count))
                        .isEqualTo(ByteBuffer.wrap(bytes, right, count));
                right += count;
                int one = in.read();
                assertThat((byte) one).isEqualTo(right < bytes.length ? bytes[right] : -1);
                right += one < 0 ? 0 : 1;
            }
        }
    }

    @Test
    void aFileIsReadFromWhereItIs() throws Exception {
        pair(Transport.UNIX);
        byte[] bytes = bytes(5 * PIECE + 1, 1);
        Path file = Files.write(directory.resolve("file"), bytes);
        ActorHandle<BlobMessage> blob = offer(Blob.of(file, Waiting.PATIENCE));

        assertThat(open(blob).readAllBytes()).isEqualTo(bytes);
    }

    @Test
    void whatCanNotBeReadIsToldAndEndsNobody() throws Exception {
        pair(Transport.UNIX);
        ActorHandle<BlobMessage> nowhere =
                offer(Blob.of(directory.resolve("none"), Waiting.PATIENCE));
        assertThatIOException()
                .isThrownBy(() -> open(nowhere).read())
                .withMessageContaining(NoSuchFileException.class.getName())
                .withMessageContaining(nowhere.id().toString());
        assertThat(nowhere.status().isTerminal()).isFalse();

        Path file = Files.write(directory.resolve("file"), bytes(3 * PIECE, 1));
        ActorHandle<BlobMessage> shrunk =
                pair.there.proc.spawn("shrunk", Blob.of(file, Waiting.PATIENCE));
        InputStream in = open(shrunk);
        assertThat(in.readNBytes(PIECE / 2)).hasSize(PIECE / 2);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var _ = channel.truncate(2 * PIECE + 5);
        }
        assertThat(open(shrunk).readNBytes(2 * PIECE)).hasSize(2 * PIECE);
        assertThatIOException()
                .isThrownBy(() -> open(shrunk).readAllBytes())
                .withMessageContaining("is shorter than it was");
        assertThat(shrunk.status().isTerminal()).isFalse();
    }

    /// Content that is made when it is asked for.
    private static final class Counted implements Blob.Source {
        final AtomicInteger reads = new AtomicInteger();
        final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public long length() {
            return 1L << 40;
        }

        @Override
        public ByteBuffer read(long offset, int length) {
            assertThat(offset).isEqualTo(reads.getAndIncrement() * (long) PIECE);
            return ByteBuffer.allocate(length);
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    void whatASourceThrowsIsToldAndEndsNobody() {
        try (Scene scene = new Scene()) {
            ActorType<BlobMessage> faulty =
                    Blob.of(
                            () -> {
                                throw new IllegalStateException("no source");
                            },
                            Waiting.PATIENCE);
            ActorHandle<BlobMessage> blob = scene.proc.spawn("faulty", faulty);
            for (int i = 0; i < 2; i++) {
                InputStream in = Blob.open(scene.client, blob.ref(), Waiting.PATIENCE);
                assertThatIOException().isThrownBy(in::read).withMessageContaining("no source");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void aReaderHasSoManyPiecesAheadAndNoMore(Transport transport) throws Exception {
        pair(transport);
        Counted source = new Counted();
        ActorHandle<BlobMessage> blob = offer(Blob.of(() -> source, Waiting.PATIENCE));
        InputStream in = open(blob);
        assertThat(source.reads).hasValue(0);

        for (int pieces = 1; pieces <= 50; pieces++) {
            assertThat(in.readNBytes(PIECE)).hasSize(PIECE);
            int atMost = pieces == 1 ? 1 : AHEAD + pieces - 1;
            Waiting.until(() -> source.reads.get() >= atMost);
            assertThat(source.reads).hasValue(atMost);
        }
        in.close();
        assertThatIOException().isThrownBy(in::read).withMessage("Stream closed");
        blob.stop("done");
        Waiting.on(source.closed);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whenABlobEndsItsReadersFailAtOnceAndSayWhy(Transport transport) throws Exception {
        pair(transport);
        ActorHandle<BlobMessage> blob = offer(bytes(100 * PIECE, 1));
        InputStream stopped = open(blob);
        assertThat(stopped.readNBytes(PIECE + 1)).hasSize(PIECE + 1);
        blob.stop("on purpose");
        Waiting.get(blob.ended());
        for (int i = 0; i < 2; i++) {
            assertThatIOException()
                    .isThrownBy(stopped::readAllBytes)
                    .withCauseInstanceOf(AskException.Undelivered.class)
                    .withMessageContaining("actor stopped")
                    .withMessageContaining(blob.id().toString());
        }
        assertThat(pair.here.returned()).isEmpty();
    }

    @Test
    void aReaderThatLeavesEndsNobody() throws Exception {
        pair(Transport.UNIX);
        Counted source = new Counted();
        CompletableFuture<ActorHandle<BlobMessage>> child = new CompletableFuture<>();
        ActorHandle<Work> owner =
                pair.there.spawn(
                        "owner",
                        (cx, message) ->
                                child.complete(
                                        cx.spawn("b", Blob.of(() -> source, Waiting.PATIENCE))));
        pair.here.count(owner.ref(), 0, 1);
        ActorHandle<BlobMessage> blob = Waiting.get(child);
        InputStream in;
        try (Client leaving = pair.here.proc.client("leaving")) {
            in = Blob.open(leaving, blob.ref(), Waiting.PATIENCE);
            assertThat(in.readNBytes(PIECE + 1)).hasSize(PIECE + 1);
        }
        assertThatIOException()
                .isThrownBy(() -> in.readNBytes(20 * PIECE))
                .withCauseInstanceOf(AskException.AskerEnded.class);
        assertThat(blob.status().isTerminal()).isFalse();
        owner.stop("and its blob with it");
        Waiting.on(source.closed);
        assertThat(Waiting.get(owner.ended())).isInstanceOf(ActorStatus.Stopped.class);
    }

    @Test
    void aBlobThatNobodyReadsEndsInTime() {
        AtomicLong now = new AtomicLong();
        Timers timers = new Timers(now::get);
        Counted source = new Counted();
        ActorType<BlobMessage> type =
                ActorType.of(
                        "blob",
                        BlobMessage.class,
                        () ->
                                new BlobActor(
                                        () -> source,
                                        Duration.ofNanos(1000),
                                        now::get,
                                        timers::set));
        try (Scene scene = new Scene()) {
            ActorHandle<BlobMessage> blob = scene.proc.spawn("blob", type);
            assertThat(pull(scene, blob, 0)).isInstanceOf(Piece.Bytes.class);
            now.set(600);
            assertThat(pull(scene, blob, PIECE)).isInstanceOf(Piece.Bytes.class);
            now.set(1599); // the alarm of the beginning is over, but it was read from since
            timers.step();
            timers.step();
            assertThat(pull(scene, blob, 2L * PIECE)).isInstanceOf(Piece.Bytes.class);
            now.set(2598);
            timers.step();
            assertThat(blob.status().isTerminal()).isFalse();
            now.set(2599);
            timers.step();
            assertThat(Waiting.get(blob.ended()).toString()).contains("nobody has read for PT");
            Waiting.on(source.closed);
        }
    }

    private static Piece pull(Scene scene, ActorHandle<BlobMessage> blob, long offset) {
        return Waiting.get(
                scene.client.request(
                        blob.ref(),
                        (OncePortRef<Piece> replyTo) -> new Pull(offset, PIECE, replyTo),
                        Waiting.PATIENCE));
    }

    @Test
    void aPullGetsNoMoreThanOnePieceWhateverItAsks() {
        try (Scene scene = new Scene()) {
            byte[] bytes = bytes(3 * PIECE, 1);
            ActorHandle<BlobMessage> blob =
                    scene.proc.spawn("blob", Blob.of(ByteBuffer.wrap(bytes), Waiting.PATIENCE));
            assertThat(length(scene, blob, 0, PIECE - 1)).isEqualTo(PIECE - 1);
            assertThat(length(scene, blob, 0, PIECE)).isEqualTo(PIECE);
            assertThat(length(scene, blob, 0, PIECE + 1)).isEqualTo(PIECE);
            assertThat(length(scene, blob, 1, Integer.MAX_VALUE)).isEqualTo(PIECE);
            assertThat(length(scene, blob, 3 * PIECE - 1, PIECE)).isEqualTo(1);
            assertThat(length(scene, blob, 3 * PIECE, PIECE)).isZero();
            assertThat(length(scene, blob, Long.MAX_VALUE, Integer.MAX_VALUE)).isZero();
            assertThat(length(scene, blob, 5, 0)).isZero();
            assertThat(length(scene, blob, -1, PIECE)).isEqualTo(-1);
            assertThat(length(scene, blob, Long.MIN_VALUE, PIECE)).isEqualTo(-1);
            assertThat(length(scene, blob, 0, -1)).isEqualTo(-1);
        }
    }

    /// How many bytes are given, -1 if it is refused.
    private static int length(Scene scene, ActorHandle<BlobMessage> blob, long offset, int wanted) {
        Piece piece =
                Waiting.get(
                        scene.client.request(
                                blob.ref(),
                                (OncePortRef<Piece> replyTo) -> new Pull(offset, wanted, replyTo),
                                Waiting.PATIENCE));
        return piece instanceof Piece.Bytes(long _, ByteBuffer bytes) ? bytes.remaining() : -1;
    }

    @Test
    void aBlobThatLiesAboutItsLengthIsFoundOut() {
        try (Scene scene = new Scene()) {
            for (Piece lie :
                    List.of(
                            new Piece.Bytes(10, ByteBuffer.allocate(9)),
                            new Piece.Bytes(10, ByteBuffer.allocate(11)),
                            new Piece.Bytes(-1, ByteBuffer.allocate(1)),
                            new Piece.Bytes(Long.MAX_VALUE, ByteBuffer.allocate(PIECE + 1)))) {
                assertThatIOException()
                        .isThrownBy(() -> openAnswering(scene, lie).readAllBytes())
                        .withMessageContaining("were expected");
            }
            AtomicInteger pulls = new AtomicInteger();
            ActorHandle<BlobMessage> growing =
                    scene.proc.spawn(
                            "growing",
                            answering(() ->
                                    new Piece.Bytes(
                                            2L * PIECE + pulls.getAndIncrement(),
                                            ByteBuffer.allocate(PIECE))));
            InputStream in = Blob.open(scene.client, growing.ref(), Waiting.PATIENCE);
            assertThatIOException()
                    .isThrownBy(in::readAllBytes)
                    .withMessageContaining("of %d bytes at %d", 2 * PIECE + 1, PIECE);
        }
    }

    private static ActorType<BlobMessage> answering(Supplier<Piece> answers) {
        return ActorType.of(
                "blob",
                BlobMessage.class,
                () ->
                        (cx, message) -> {
                            switch (message) {
                                case Pull(var _, var _, var replyTo) ->
                                        cx.send(replyTo, answers.get());
                            }
                        });
    }

    private static InputStream openAnswering(Scene scene, Piece answer) {
        ActorHandle<BlobMessage> blob =
                scene.proc.spawn("blob-" + scene.proc.actors().size(), answering(() -> answer));
        return Blob.open(scene.client, blob.ref(), Waiting.PATIENCE);
    }

    @Test
    void whoDoesNotAnswerInTimeFailsTheRead() {
        try (Scene scene = new Scene()) {
            ActorHandle<BlobMessage> silent =
                    scene.proc.spawn(
                            "silent",
                            ActorType.of("blob", BlobMessage.class, () -> (cx, message) -> {}));
            InputStream in = Blob.open(scene.client, silent.ref(), Duration.ofMillis(10));
            assertThatIOException()
                    .isThrownBy(in::read)
                    .withCauseInstanceOf(TimeoutException.class);
        }
    }

    /// Gives its first piece at once and the others when it is let.
    private record Held(byte[] bytes, CountDownLatch release) implements Blob.Source {
        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public ByteBuffer read(long offset, int length) {
            if (offset > 0) {
                Waiting.on(release);
            }
            return ByteBuffer.wrap(bytes, (int) offset, length);
        }
    }

    @Test
    void readingGoesOnAfterAnInterrupt() throws Exception {
        pair(Transport.UNIX);
        byte[] bytes = bytes(20 * PIECE, 3);
        CountDownLatch release = new CountDownLatch(1);
        InputStream in = open(offer(Blob.of(() -> new Held(bytes, release), Waiting.PATIENCE)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(in.readNBytes(PIECE));
        for (int i = 0; i < 3; i++) {
            Thread.currentThread().interrupt();
            assertThatIOException().isThrownBy(in::read).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        release.countDown();
        out.write(in.readAllBytes());
        assertThat(out.toByteArray()).isEqualTo(bytes);
    }
}
