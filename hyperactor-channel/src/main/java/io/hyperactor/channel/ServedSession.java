package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/// One session as its server keeps it, while its connections come and go.
///
/// It has no socket, no thread and no clock. **Threads:** one.
///
/// @param <L> what carries it: one connection at a time
final class ServedSession<L> {
    /// Beyond that a dialler has to come again, which says what it knows. Whatever window it
    /// claims: each of these may be a KiB.
    static final int REFUSALS_MAX = 1024;

    /// A frame that was not taken, which the dialler may not know yet.
    ///
    /// @param word what it is told
    private record Refusal(long sequence, ByteBuffer word) {}

    /// How many bytes of such words the sessions of one server keep together, beyond one of each.
    /// One thread's.
    static final class Words {
        static final int BYTES_MAX = 8 * 1024 * 1024;

        private int bytes;

        private boolean hasRoom(int length) {
            return bytes + length <= BYTES_MAX;
        }

        int bytes() {
            return bytes;
        }
    }

    final long id;

    /// The dialler's process, as it says.
    final long peer;

    /// Whose it is, as far as that is known: whom it is counted for.
    final Object holder;

    final boolean lasts;
    final ReceiverSession frames;

    private final int windowFrames;
    private final Words words;
    private final ArrayDeque<Refusal> refusals = new ArrayDeque<>();

    /// What the dialler is known to have, and what it was given last: one of them resumes. So does
    /// what it was given before that, until it is known which it has: a hello that it has given up
    /// may arrive late, and its answer is nobody's.
    private Secret proven = Secret.NONE;

    private Secret given = Secret.NONE;
    private Secret givenBefore = Secret.NONE;
    private boolean confirmed;

    /// Who carries it has shown that last.
    private Secret shown = Secret.NONE;

    private @Nullable L link;
    private long lostAt;
    private boolean over;

    ServedSession(Hello hello, Object holder, Words words) {
        this.words = words;
        this.id = hello.session();
        this.peer = hello.incarnation();
        this.holder = holder;
        this.lasts = hello.has(Feature.RESUME);
        this.windowFrames = hello.windowFrames();
        this.frames = new ReceiverSession(hello.windowFrames(), hello.windowBytes());
    }

    /// What a connection has before its hello: a session that nothing came of.
    static <L> ServedSession<L> none() {
        ServedSession<L> none = new ServedSession<>(Hello.plain(0, 1, 1, 1), "nobody", new Words());
        none.end();
        return none;
    }

    @Override
    public String toString() {
        return Long.toHexString(id);
    }

    @Nullable L link() {
        return link;
    }

    boolean isOver() {
        return over;
    }

    // ---- for the table

    /// Does that ticket resume it?
    boolean opensWith(Secret ticket) {
        boolean wasProven = proven.matches(ticket);
        boolean wasGiven = given.matches(ticket);
        boolean wasGivenBefore = givenBefore.matches(ticket);
        return wasProven || wasGiven || wasGivenBefore;
    }

    /// A connection carries it from now on, which said `hello` and gets another ticket.
    ///
    /// @return the connection before, if there is still one
    @Nullable L attach(L connection, Hello hello, Secret next) {
        L before = link;
        link = connection;
        shown = hello.secret();
        proven = hello.ticket();
        givenBefore = confirmed ? Secret.NONE : given;
        given = next;
        confirmed = false;
        return before;
    }

    void detach(long now) {
        link = null;
        lostAt = now;
    }

    void end() {
        over = true;
        link = null;
        while (!refusals.isEmpty()) {
            forgetFirst();
        }
    }

    private void forgetFirst() {
        words.bytes -= refusals.removeFirst().word.remaining();
    }

    /// Has it no connection, and may its dialler never have had a welcome? Then it holds no frame.
    boolean isHalfMade() {
        return link == null && proven.isNone();
    }

    /// Nanoseconds without a connection.
    long lostFor(long now) {
        return now - lostAt;
    }

    Secret shown() {
        return shown;
    }

    // ---- for the connection

    /// Something came behind the hello: the dialler has its ticket.
    void heard() {
        if (!confirmed) {
            confirmed = true;
            proven = given;
            givenBefore = Secret.NONE;
        }
    }

    /// The receiver does not take the next frame, now or later.
    ///
    /// @param word what the dialler is told
    /// @return false if it may not know of so many others that it is too much to keep
    boolean refuse(long sequence, ByteBuffer word) {
        while (!refusals.isEmpty() && refusals.getFirst().sequence <= sequence - windowFrames) {
            forgetFirst(); // its window says that the dialler knows
        }
        boolean hasRoom = refusals.isEmpty() || words.hasRoom(word.remaining());
        if (refusals.size() >= REFUSALS_MAX || !hasRoom) {
            return false;
        }
        words.bytes += word.remaining();
        frames.accepted(0);
        refusals.add(new Refusal(sequence, word));
        return true;
    }

    /// What the dialler has to hear behind the welcome, after it has said what it knows.
    ByteBuffer news(long acknowledged) {
        while (!refusals.isEmpty() && refusals.getFirst().sequence <= acknowledged) {
            forgetFirst();
        }
        int length = Protocol.ACK_BYTES;
        for (Refusal one : refusals) {
            length += one.word.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (Refusal one : refusals) {
            all.put(one.word.duplicate());
        }
        if (frames.expected() > 1) {
            Protocol.putAck(all, frames.take());
        }
        return all.flip();
    }
}
