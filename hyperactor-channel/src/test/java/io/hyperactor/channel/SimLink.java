package io.hyperactor.channel;

/// A connection in a [SimWorld]: bytes arrive late but in order, until it breaks after any byte.
/// The ends may learn of that late, at different times, and what was on its way may be lost or not.
final class SimLink {
    /// One end of it.
    interface End {
        void received(byte[] bytes);

        /// The connection is gone, as far as this end can tell.
        void broken();

        /// There is room again.
        void writable();
    }

    /// @param delayNanos of a piece, at most
    /// @param room how much may be on its way
    /// @param forth after so many bytes it breaks
    /// @param back the same, for what comes back
    /// @param blindNanos how long an end may take to learn that it is broken
    record Weather(long delayNanos, int room, long forth, long back, long blindNanos) {}

    private final class Pipe {
        private final boolean isForth;
        private long budget;
        private int onItsWay;
        private long lastAt;

        Pipe(boolean isForth, long budget) {
            this.isForth = isForth;
            this.budget = budget;
        }

        int write(byte[] bytes) {
            int taken = isForth ? Math.min(bytes.length, weather.room - onItsWay) : bytes.length;
            if (taken <= 0) {
                return 0;
            }
            onItsWay += taken;
            int arrive = broken ? 0 : (int) Math.min(taken, budget);
            budget -= arrive;
            byte[] piece = java.util.Arrays.copyOf(bytes, arrive);
            boolean breaks = !broken && arrive < taken;
            lastAt = Math.max(lastAt, world.now() + world.upTo(weather.delayNanos));
            world.after(lastAt - world.now(), () -> arrived(piece, taken, breaks));
            return taken;
        }

        private void arrived(byte[] piece, int taken, boolean breaks) {
            onItsWay -= taken;
            if (piece.length > 0 && !lost) {
                (isForth ? server : dialler).received(piece);
            }
            if (breaks) {
                breakNow(true);
            }
            (isForth ? dialler : server).writable();
        }
    }

    private final SimWorld world;
    private final Weather weather;
    private final Pipe forth;
    private final Pipe back;
    private End dialler;
    private End server;
    private boolean broken;
    private boolean lost;

    private static final End NOBODY = nobody();

    /// An end that does not listen.
    static End nobody() {
        return new End() {
            @Override
            public void received(byte[] bytes) {}

            @Override
            public void broken() {}

            @Override
            public void writable() {}
        };
    }

    SimLink(SimWorld world, Weather weather, End dialler) {
        this.world = world;
        this.weather = weather;
        this.dialler = dialler;
        this.server = NOBODY;
        this.forth = new Pipe(true, weather.forth);
        this.back = new Pipe(false, weather.back);
    }

    void accepted(End by) {
        server = by;
    }

    int write(End from, byte[] bytes) {
        if (from.equals(dialler)) {
            return forth.write(bytes);
        }
        return from.equals(server) ? back.write(bytes) : 0;
    }

    /// An end lets go, or its process died: the other one learns of it behind what is on its way.
    void close(End by) {
        boolean byDialler = by.equals(dialler);
        if (byDialler) {
            dialler = NOBODY;
        } else if (by.equals(server)) {
            server = NOBODY;
        } else {
            return;
        }
        if (!broken) {
            broken = true;
            lost = world.chance(0.2);
            long behind = Math.max(0, (byDialler ? forth : back).lastAt - world.now()) + 1;
            world.after(
                    behind + (world.chance(0.2) ? world.anyUpTo(weather.blindNanos) : 0),
                    () -> {
                        server.broken();
                        dialler.broken();
                    });
        }
    }

    /// Breaks for both. What is on its way the other direction may still arrive.
    void breakNow(boolean now) {
        if (broken) {
            return;
        }
        broken = true;
        lost = world.chance(0.5);
        world.after(now ? world.anyUpTo(weather.blindNanos) : 1, () -> dialler.broken());
        world.after(now ? world.anyUpTo(weather.blindNanos) : 1, () -> server.broken());
    }
}
