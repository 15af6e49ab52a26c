package io.hyperactor.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/// A connection in a [SimWorld]: bytes arrive late but in order, until it breaks after any byte.
/// The ends may learn of that late, at different times, and what was on its way may be lost or not.
final class SimConnection {
    /// One end of it, as the process there sees it.
    final class End {
        private final Pipe in;
        private final Pipe out;
        private Runnable changed = this::nobody;
        private boolean closed;
        private boolean ended; // nothing follows what has arrived
        private boolean broken;

        private void nobody() {}

        private End(Pipe in, Pipe out) {
            this.in = in;
            this.out = out;
        }

        /// @param now is called whenever [#readyOps] may have more
        void watch(Runnable now) {
            changed = now;
        }

        /// What would not have to wait, of reading and writing.
        int readyOps() {
            boolean reads = in.there() > 0 || ended || broken;
            boolean writes = out.room() > 0 || broken;
            return (reads ? SelectionKey.OP_READ : 0) | (writes ? SelectionKey.OP_WRITE : 0);
        }

        int read(ByteBuffer target) throws IOException {
            if (in.there() == 0) {
                if (broken) {
                    throw new IOException("Connection reset");
                }
                return ended ? -1 : 0;
            }
            int bytes = in.read(target);
            other(this).changed.run();
            return bytes;
        }

        int write(ByteBuffer source) throws IOException {
            if (broken) {
                throw new IOException("Broken pipe");
            }
            return out.write(source);
        }

        /// Nothing more is written; the other end may still write.
        void shutdownOutput() {
            world.after(out.behind(), () -> other(this).end(false));
        }

        /// Lets go, or the process died: the other end learns of it behind what is on its way.
        void close() {
            if (closed) {
                return;
            }
            closed = true;
            changed = this::nobody;
            lost = lost || world.chance(0.2);
            boolean unread = in.there() > 0;
            world.after(
                    out.behind() + (world.chance(0.2) ? world.anyUpTo(weather.blindNanos()) : 0),
                    () -> other(this).end(unread || world.chance(0.5)));
        }

        /// Unless nothing arrives from there any more.
        ///
        /// @param reset it is no end in good order, and nothing can be written any more
        private void end(boolean reset) {
            if (in.isSilent()) {
                return;
            }
            if (reset && lost) {
                in.drop();
            }
            ended = true;
            broken |= reset;
            changed.run();
        }
    }

    /// One direction. Bytes are counted from its begin on.
    private final class Pipe {
        private final byte[] ring = new byte[weather.room()];
        private final long breaksAt;
        private final long silentAt;
        private final SimLengths lengths;
        private End to;
        private long written;
        private long arrived;
        private long read;
        private long lastAt;

        Pipe(long breaksAt, long silentAt, SimLengths lengths) {
            this.breaksAt = breaksAt;
            this.silentAt = silentAt;
            this.lengths = lengths;
        }

        int there() {
            return (int) (arrived - read);
        }

        boolean isSilent() {
            return written >= silentAt;
        }

        int room() {
            return (int) (ring.length - (written - read));
        }

        /// How long until all that was written must have arrived.
        long behind() {
            return Math.max(0, lastAt - world.now()) + 1;
        }

        int write(ByteBuffer source) {
            int taken = Math.min(source.remaining(), room());
            if (taken > 1 && world.chance(0.1)) {
                taken = (int) world.anyUpTo(taken);
            }
            for (int i = 0; i < taken; i++) {
                byte passing = source.get();
                ring[(int) (written++ % ring.length)] = lengths.pass(passing);
            }
            if (taken > 1 && world.chance(0.2)) {
                send(written - world.anyUpTo(taken - 1L));
            }
            if (taken > 0) {
                send(written);
            }
            return taken;
        }

        private void send(long upTo) {
            lastAt = Math.max(lastAt, world.now() + world.upTo(weather.delayNanos()));
            world.after(lastAt - world.now(), () -> arrive(upTo));
        }

        private void arrive(long upTo) {
            if (lost) {
                return;
            }
            arrived = Math.max(arrived, Math.min(upTo, Math.min(breaksAt, silentAt)));
            to.changed.run();
            if (upTo > breaksAt) {
                breakNow();
            }
        }

        int read(ByteBuffer target) {
            int taken = Math.min(target.remaining(), there());
            if (taken > 1 && world.chance(0.1)) {
                taken = (int) world.anyUpTo(taken);
            }
            for (int i = 0; i < taken; i++) {
                target.put(ring[(int) (read++ % ring.length)]);
            }
            return taken;
        }

        void drop() {
            read = arrived;
        }
    }

    private final SimWorld world;
    private final SimWeather weather;
    private final SimNetwork.Dialler by;
    private final SimLengths greeting;
    private final End dialler;
    private final End server;
    private boolean broken;
    private boolean lost;

    SimConnection(SimWorld world, SimWeather weather, SimNetwork.Dialler by) {
        this.world = world;
        this.weather = weather;
        this.by = by;
        this.greeting = SimLengths.behindHello(world, weather.forthGarbled());
        Pipe forth = new Pipe(weather.forth(), weather.forthSilent(), greeting);
        Pipe back =
                new Pipe(
                        weather.back(),
                        weather.backSilent(),
                        SimLengths.ofAnswers(world, weather.backGarbled()));
        this.dialler = new End(back, forth);
        this.server = new End(forth, back);
        forth.to = server;
        back.to = dialler;
        if (weather.breaksAfterNanos() != SimWeather.NEVER) {
            world.after(weather.breaksAfterNanos(), this::breakNow);
        }
    }

    /// Who asked for it.
    SimNetwork.Dialler by() {
        return by;
    }

    End dialler() {
        return dialler;
    }

    End server() {
        return server;
    }

    /// The first bytes that the dialler sent, for who listens in.
    byte[] hello() {
        return greeting.hello();
    }

    /// Has the server said anything?
    boolean isAnswered() {
        return server.out.written > 0;
    }

    private End other(End one) {
        return one == dialler ? server : dialler;
    }

    /// Breaks for both. What is on its way may still arrive.
    private void breakNow() {
        if (broken) {
            return;
        }
        broken = true;
        lost = lost || world.chance(0.5);
        world.after(world.anyUpTo(weather.blindNanos()), () -> dialler.end(true));
        world.after(world.anyUpTo(weather.blindNanos()), () -> server.end(true));
    }
}
