package io.hyperactor.channel;

import io.hyperactor.stress.Check;
import io.hyperactor.stress.Interleavings;
import io.hyperactor.wire.ChannelAddress;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// One thread offers while another writes and hears what the peer has acknowledged: what is offered
/// arrives, whole, once and in order.
final class SenderSessionInterleavingsTest {
    @Test
    void whatIsOfferedArrivesOnceAndInOrder() {
        Interleavings.check(Real.class, 2);
    }

    @Test
    void theCopyThatABugIsPlantedInIsSoundWithoutIt() {
        Interleavings.check(Sound.class, 2);
    }

    @Test
    void aWriterThatTakesWhatItSawForAllOfAChunkIsCaught() {
        Interleavings.assertCaught(LeavesTooEarly.class, 2);
    }

    /// The other end of the connection.
    private static final class Peer {
        private byte[] rest = {};

        /// How many frames have come, acknowledged ones among them.
        int arrived;

        void receives(ByteBuffer[] views, int count) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(rest);
            for (int i = 0; i < count; i++) {
                byte[] piece = new byte[views[i].remaining()];
                views[i].get(piece);
                all.writeBytes(piece);
            }
            ByteBuffer bytes = ByteBuffer.wrap(all.toByteArray());
            while (bytes.remaining() >= Protocol.LENGTH_BYTES
                    && bytes.remaining()
                            >= Protocol.LENGTH_BYTES + bytes.getInt(bytes.position())) {
                byte[] frame = new byte[bytes.getInt()];
                bytes.get(frame);
                hears(ByteBuffer.wrap(frame));
            }
            rest = new byte[bytes.remaining()];
            bytes.get(rest);
        }

        /// The body begins and ends with the number of the frame.
        private void hears(ByteBuffer frame) {
            if (frame.get() == Protocol.DATA) {
                long sequence = frame.getLong();
                Check.same(arrived + 1L, sequence, "frames");
                Check.that(frame.get() == sequence, "another frame begins in " + sequence);
                Check.that(frame.get(frame.limit() - 1) == sequence, "ends in " + sequence);
                arrived++;
            }
        }
    }

    /// A session, and a peer that acknowledges at once. One frame was offered.
    public static class Real {
        private static final int SMALL = 1;
        private static final int LARGE = 35_000; // two are too long for a chunk
        private static final int WRITTEN_MOST = 40_000; // at once, so that frames are cut

        private final BytePool pool = new BytePool(8 << 20);
        private final SenderSession session =
                new SenderSession(
                        new FrameWriter(
                                new ChannelAddress.Local(1),
                                pool,
                                new LinkBytes(Long.MAX_VALUE),
                                1 << 20),
                        pool,
                        8 << 20,
                        1000);
        private final Peer peer = new Peer();

        public Real() {
            offer(SMALL);
            exchange();
        }

        private void offer(int length) {
            byte[] body = new byte[length];
            body[0] = body[length - 1] = (byte) (session.lastSequence() + 1);
            SenderSession.Offer made = session.offer(out -> out.writeRaw(body, 0, body.length));
            Check.that(made == SenderSession.Offer.TAKEN, "no room");
        }

        /// The second needs another chunk.
        @Operation(nonParallelGroup = "offering")
        public void offer() {
            offer(LARGE);
            offer(SMALL);
            session.askForAck();
        }

        @Operation(nonParallelGroup = "loop")
        public void exchange() {
            boolean _ = writeSome();
            String wrong = session.acknowledged(peer.arrived);
            Check.that(wrong == null, wrong);
        }

        private boolean writeSome() {
            ByteBuffer[] views = new ByteBuffer[2];
            int count = session.gather(views, 0, WRITTEN_MOST);
            int bytes = 0;
            for (int i = 0; i < count; i++) {
                bytes += views[i].remaining();
            }
            peer.receives(views, count);
            boolean _ = session.written(bytes);
            return bytes > 0;
        }

        /// When nothing more is offered.
        @Validate
        public void allArrives() {
            boolean more = true;
            while (more) {
                more = writeSome();
            }
            Check.same(session.lastSequence(), (long) peer.arrived, "arrived");
            exchange();
            session.forEachUnacknowledged(
                    false, 0, (_, _, _, _) -> Check.that(false, "a frame is left"));
        }
    }

    private static final class Piece {
        volatile int committed;
        volatile Piece next;
        int written;

        void commit() {
            int before = committed; // nobody else writes it
            committed = before + 1;
        }
    }

    /// A list of chunks once more, of which frames are counted, with a line that can be broken.
    public abstract static class Planted {
        private final boolean leavesTooEarly;
        private Piece tail = new Piece();
        private Piece writing = tail;
        private int offered;
        private int written;

        Planted(boolean leavesTooEarly) {
            this.leavesTooEarly = leavesTooEarly;
        }

        @Operation(nonParallelGroup = "offering")
        public void offer() {
            offered++;
            tail.commit();
        }

        @Operation(nonParallelGroup = "offering")
        public void offerElsewhere() {
            offered++;
            Piece fresh = new Piece();
            fresh.commit();
            Piece sealed = tail;
            tail = fresh;
            sealed.next = fresh;
        }

        @Operation(nonParallelGroup = "writing")
        public void write() {
            Piece next = leavesTooEarly ? null : writing.next;
            int committed = writing.committed;
            if (leavesTooEarly) {
                next = writing.next;
            }
            written += committed - writing.written;
            writing.written = committed;
            if (next != null) {
                writing = next;
                write();
            }
        }

        /// When nothing more is offered.
        @Validate
        public void allIsWritten() {
            write();
            Check.same(offered, written, "written");
        }
    }

    /// As it should be.
    public static class Sound extends Planted {
        public Sound() {
            super(false);
        }
    }

    /// Looks how far a chunk is filled, and then whether there is a next one.
    public static class LeavesTooEarly extends Planted {
        public LeavesTooEarly() {
            super(true);
        }
    }
}
