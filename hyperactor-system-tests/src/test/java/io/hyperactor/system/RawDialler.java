package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ChannelAddress;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/// Somebody who connects to a host and says what a test wants, byte by byte, from
/// docs/wire-format.md alone. It blocks: tests that use it have a time limit.
final class RawDialler implements AutoCloseable {
    static final byte DATA = 1;
    static final byte ACCEPT = 16;
    static final byte ACK = 17;
    static final byte REJECT = 18;

    private static final int MAGIC = 0x48595052;
    private static final int PLAIN_HELLO = 40; // with no secret

    private final SocketChannel socket;
    private final InputStream in;

    RawDialler(ChannelAddress host) throws IOException {
        socket =
                SocketChannel.open(
                        UnixDomainSocketAddress.of(Path.of(((ChannelAddress.Unix) host).path())));
        in = Channels.newInputStream(socket);
    }

    /// Of a link without features.
    static byte[] hello(int version) {
        return ByteBuffer.allocate(6 + PLAIN_HELLO)
                .putInt(MAGIC)
                .put((byte) version)
                .put((byte) PLAIN_HELLO)
                .putInt(0)
                .putLong(ThreadLocalRandom.current().nextLong())
                .putInt(16 << 20)
                .putInt(16 << 20)
                .putInt(65_536)
                .array();
    }

    /// A frame of any kind that claims a length which need not be true.
    static byte[] frame(int claimed, byte... rest) {
        return ByteBuffer.allocate(Integer.BYTES + rest.length).putInt(claimed).put(rest).array();
    }

    static byte[] data(long number, byte... body) {
        byte[] rest =
                ByteBuffer.allocate(1 + Long.BYTES + body.length)
                        .put(DATA)
                        .putLong(number)
                        .put(body)
                        .array();
        return frame(rest.length, rest);
    }

    RawDialler say(byte[]... words) throws IOException {
        for (byte[] bytes : words) {
            ByteBuffer all = ByteBuffer.wrap(bytes);
            while (all.hasRemaining()) {
                socket.write(all);
            }
        }
        return this;
    }

    /// Says it though the host may hang up before it has heard all.
    RawDialler sayInVain(byte[]... words) {
        try {
            return say(words);
        } catch (IOException e) {
            return this;
        }
    }

    /// Reads the next answer; its first byte is the kind. Empty at the end.
    byte[] answer() throws IOException {
        try {
            byte[] length = in.readNBytes(Integer.BYTES);
            return length.length < Integer.BYTES
                    ? new byte[0]
                    : in.readNBytes(ByteBuffer.wrap(length).getInt());
        } catch (IOException e) {
            return new byte[0]; // reset, for what it had said was not all read
        }
    }

    /// Reads until the host hangs up.
    ///
    /// @return the code of its reject, 0 if it said none
    int end() throws IOException {
        int code = 0;
        for (byte[] answer = answer(); answer.length > 0; answer = answer()) {
            if (answer[0] == REJECT) {
                code = ByteBuffer.wrap(answer).getShort(1);
            } else {
                assertThat(answer[0]).isIn(ACCEPT, ACK);
            }
        }
        return code;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
