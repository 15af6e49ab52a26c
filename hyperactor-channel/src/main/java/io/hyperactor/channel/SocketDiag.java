package io.hyperactor.channel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/// What the kernel of Linux says when it is asked for one socket over a netlink socket
/// (sock_diag(7)). That takes some microseconds however many sockets the machine has or has room
/// for, where a table takes ten milliseconds and more.
///
/// Each question opens a socket of its own, so nothing is kept and nothing has to be closed.
final class SocketDiag implements TcpSockets {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_SOCK_DIAG = 4;
    private static final int MSG_DONTWAIT = 0x40;

    private static final short SOCK_DIAG_BY_FAMILY = 20;
    private static final short NLMSG_ERROR = 2;
    private static final short NLM_F_REQUEST = 1;
    private static final byte AF_INET = 2;
    private static final byte AF_INET6 = 10;
    private static final byte IPPROTO_TCP = 6;
    private static final int ENOENT = 2;
    private static final int ESTABLISHED = 1;

    /// A header of a netlink message, then the question: what is asked for, and the two ends.
    private static final int HEADER_BYTES = 16;

    private static final int QUESTION_BYTES = HEADER_BYTES + 56;
    private static final int ADDRESS_BYTES = 16;

    /// Where things are in an answer, behind its header.
    private static final int STATE = HEADER_BYTES + 1;

    private static final int UID = HEADER_BYTES + 64;
    private static final int INODE = HEADER_BYTES + 68;
    private static final int ANSWER_BYTES = HEADER_BYTES + 72;
    private static final int ROOM_BYTES = 4096;

    /// A socket in some state, or one that listens.
    private record Answer(int state, Owner owner) {}

    @Override
    public Optional<Owner> connected(InetSocketAddress end, InetSocketAddress peer)
            throws IOException {
        return ask(end, peer).filter(answer -> answer.state == ESTABLISHED).map(Answer::owner);
    }

    @Override
    public List<Owner> listening(InetSocketAddress address) throws IOException {
        InetAddress nobody =
                InetAddress.getByAddress(new byte[address.getAddress().getAddress().length]);
        return ask(address, new InetSocketAddress(nobody, 0)).map(Answer::owner).stream().toList();
    }

    /// Finds the socket as the kernel does for what arrives: a connection, or who listens.
    private static Optional<Answer> ask(InetSocketAddress local, InetSocketAddress remote)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Calls calls = new Calls(arena);
            long socket = calls.call("socket", AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG, 0);
            try {
                MemorySegment room = arena.allocate(ROOM_BYTES, Long.BYTES);
                putQuestion(room.asByteBuffer().order(ByteOrder.nativeOrder()), local, remote);
                calls.call("send", socket, room.address(), QUESTION_BYTES, 0);
                long bytes = calls.call("recv", socket, room.address(), ROOM_BYTES, MSG_DONTWAIT);
                return answer(room.asSlice(0, bytes).asByteBuffer().order(ByteOrder.nativeOrder()));
            } finally {
                calls.call("close", socket, 0, 0, 0);
            }
        }
    }

    private static void putQuestion(
            ByteBuffer question, InetSocketAddress local, InetSocketAddress remote) {
        question.putInt(QUESTION_BYTES)
                .putShort(SOCK_DIAG_BY_FAMILY)
                .putShort(NLM_F_REQUEST)
                .putLong(0); // a number and a port, which a single question does not need
        byte family = local.getAddress() instanceof Inet4Address ? AF_INET : AF_INET6;
        question.put(family).put(IPPROTO_TCP).putShort((short) 0).putInt(-1); // in any state
        putPort(question, local);
        putPort(question, remote);
        putAddress(question, local.getAddress());
        putAddress(question, remote.getAddress());
        question.putInt(0).putLong(-1); // of any network card, whatever its cookie
    }

    private static void putPort(ByteBuffer question, InetSocketAddress end) {
        question.put((byte) (end.getPort() >> Byte.SIZE)).put((byte) end.getPort());
    }

    private static void putAddress(ByteBuffer question, InetAddress address) {
        byte[] bytes = address.getAddress();
        question.put(bytes).position(question.position() + ADDRESS_BYTES - bytes.length);
    }

    private static Optional<Answer> answer(ByteBuffer answer) throws IOException {
        short type = answer.remaining() > HEADER_BYTES + Integer.BYTES ? answer.getShort(4) : 0;
        if (type == NLMSG_ERROR) {
            int error = -answer.getInt(HEADER_BYTES);
            if (error == ENOENT) {
                return Optional.empty();
            }
            throw new IOException("the kernel does not say whose a socket is: error " + error);
        }
        if (type != SOCK_DIAG_BY_FAMILY || answer.remaining() < ANSWER_BYTES) {
            throw new IOException("not what was asked for: a message of type " + type);
        }
        return Optional.of(
                new Answer(
                        answer.get(STATE),
                        new Owner(
                                Integer.toUnsignedLong(answer.getInt(UID)),
                                Integer.toUnsignedLong(answer.getInt(INODE)))));
    }

    /// Calls functions of the C library with four integers or pointers. One handle serves them all,
    /// for each takes milliseconds to make, and the calling conventions of 64-bit systems pass an
    /// `int` and a pointer where they pass a `long`.
    private static final class Calls {
        private static final Linker LINKER = Linker.nativeLinker();
        private static final StructLayout STATE = Linker.Option.captureStateLayout();
        private static final VarHandle ERRNO =
                STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

        @SuppressWarnings("restricted") // that is what this class is for
        private static final MethodHandle CALL =
                LINKER.downcallHandle(
                        FunctionDescriptor.of(
                                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                        Linker.Option.captureCallState("errno"));

        private final MemorySegment state;

        Calls(Arena arena) {
            state = arena.allocate(STATE);
        }

        /// @return what it returned
        /// @throws IOException if that was minus one
        long call(String name, long a, long b, long c, long d) throws IOException {
            MemorySegment function = LINKER.defaultLookup().findOrThrow(name);
            try {
                long result = (long) CALL.invokeExact(function, state, a, b, c, d);
                if ((int) result == -1) {
                    throw new IOException(name + ": error " + (int) ERRNO.get(state, 0L));
                }
                return result;
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e); // a C function throws nothing
            }
        }
    }
}
