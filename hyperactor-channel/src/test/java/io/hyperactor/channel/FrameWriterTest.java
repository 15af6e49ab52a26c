package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;

final class FrameWriterTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final FrameWriter writer =
            new FrameWriter(
                    new ChannelAddress.Local(1),
                    new BytePool(0),
                    new LinkBytes(Long.MAX_VALUE),
                    1 << 20);

    /// A frame that has its number must go out: else no later one does.
    @ParameterizedTest
    @ValueSource(ints = {10, 60_000, 300_000})
    void aFrameThatIsPreparedCanNotFailForWantOfMemory(int length) {
        byte[] body = new byte[length];
        long taken = -1;
        for (int frame = 1; frame <= 3; frame++) { // the first one loads classes
            writer.begin(Protocol.DATA_HEADER);
            writer.writeRaw(body, 0, length);
            writer.prepare();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            writer.commit(frame);
            taken = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertThat(writer.tail().lastSequence).isEqualTo(frame);
        }
        assertThat(taken).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {60_000, 300_000})
    void aFrameThatIsPreparedAndTakenBackLeavesNoTrace(int length) {
        Chunk before = writer.tail();
        writer.begin(Protocol.DATA_HEADER);
        writer.writeRaw(new byte[length], 0, length);
        writer.prepare();
        writer.rollback();
        writer.begin(Protocol.DATA_HEADER);
        writer.prepare();
        writer.commit(1);
        assertThat(before.next).isSameAs(writer.tail());
        assertThat(writer.tail().committed).isEqualTo(Protocol.DATA_HEADER);
    }
}
