package io.hyperactor;

import io.hyperactor.wire.ProcId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Places that are crowded, and whom in other procs they have asked to hold back. What is on its
/// way meanwhile is taken as far as there is room at all; what is not goes back at once. So nobody
/// who is full holds up what is behind his messages on the same link.
///
/// **Threads:** any; nothing here blocks.
final class Crowds {
    /// What can be crowded; known by its identity.
    interface Place {
        /// Whether those who hold back may go on: it has a lot of room again, or has ended.
        boolean isRoomy();
    }

    private static final Duration PAUSE = Duration.ofMillis(1);

    /// A hold ends by itself at the other end.
    private static final long AGAIN_NANOS = Holds.LASTS_NANOS / 2;

    static final int TOLD_MAX = 1024;

    /// One who comes to a place.
    private enum Entry {
        NEW,
        KNOWN,
        ONE_TOO_MANY
    }

    /// Who is told of what: an actor, or its whole proc.
    private record About(ProcId sender, Object destination) {}

    private record Told(Address place, Address sender, boolean wholeProc, Home home) {
        About about() {
            return new About(sender.id().proc(), word(true).place());
        }

        private Hold word(boolean hold) {
            return new Hold(place.id(), wholeProc, hold);
        }

        void say(boolean hold) {
            ObjectEnvelope news =
                    ObjectEnvelope.news(
                            place,
                            sender,
                            Hold.PORT,
                            0, // for all in its proc, whoever lives there by now
                            word(hold),
                            Hold.TYPE);
            home.send(news, Hold.SIZE_BYTES);
        }
    }

    private final Clockwork clockwork;
    private final ReentrantLock lock = new ReentrantLock(); // guards all below
    private final Map<Place, Map<About, Told>> crowded = new LinkedHashMap<>();
    private boolean going;
    private long againAt;

    Crowds(Clockwork clockwork) {
        this.clockwork = clockwork;
    }

    /// `envelope` came to a place that is crowded.
    ///
    /// @param wholeProc whether it is the way to the whole proc that is crowded
    /// @param home leads to the sender
    void entered(Place place, Envelope envelope, boolean wholeProc, Home home) {
        if (envelope.isReturn()) {
            return; // those who send news never wait
        }
        Told told =
                new Told(envelope.destinationAddress(), envelope.senderAddress(), wholeProc, home);
        switch (enter(place, told)) {
            case NEW -> tell(place, told, true);
            case KNOWN -> {}
            case ONE_TOO_MANY ->
                    Counters.beyond(
                            BoundCounter.SENDERS_NOT_ASKED,
                            "{} is not asked to hold back, as too many are",
                            envelope.sender().proc());
        }
    }

    /// The contrary may have become true meanwhile, and have been said first. So whoever says
    /// something looks whether it is true, and does not leave it at that if it is not.
    private void tell(Place place, Told told, boolean hold) {
        boolean said = hold;
        told.say(said);
        while (isIn(place, told) != said) {
            said = !said;
            told.say(said);
        }
    }

    private boolean isIn(Place place, Told told) {
        lock.lock();
        try {
            Map<About, Told> all = crowded.get(place);
            return all != null && all.containsKey(told.about());
        } finally {
            lock.unlock();
        }
    }

    private Entry enter(Place place, Told told) {
        lock.lock();
        try {
            Map<About, Told> all = crowded.computeIfAbsent(place, _ -> new HashMap<>());
            Entry entry = enter(all, told);
            if (!going) {
                againAt = clockwork.nanoTime() + AGAIN_NANOS;
                Timers.Timer _ = clockwork.after(PAUSE, this::look);
                going = true;
            }
            return entry;
        } finally {
            lock.unlock();
        }
    }

    private static Entry enter(Map<About, Told> all, Told told) {
        if (all.size() < TOLD_MAX) {
            return all.putIfAbsent(told.about(), told) == null ? Entry.NEW : Entry.KNOWN;
        }
        return all.containsKey(told.about()) ? Entry.KNOWN : Entry.ONE_TOO_MANY;
    }

    /// Tells those who may go on, and now and then the others once more, for a hold ends by itself.
    private void look() {
        try {
            Map<Place, List<Told>> free = new LinkedHashMap<>();
            List<Told> held = new ArrayList<>();
            sort(free, held);
            free.forEach((place, all) -> all.forEach(told -> tell(place, told, false)));
            held.forEach(told -> told.say(true));
        } finally {
            lookAgain();
        }
    }

    private void sort(Map<Place, List<Told>> free, List<Told> held) {
        lock.lock();
        try {
            crowded.entrySet()
                    .removeIf(entry -> {
                        boolean roomy = entry.getKey().isRoomy();
                        if (roomy) {
                            free.put(entry.getKey(), List.copyOf(entry.getValue().values()));
                        }
                        return roomy;
                    });
            long now = clockwork.nanoTime();
            if (now - againAt >= 0) {
                againAt = now + AGAIN_NANOS;
                crowded.values().forEach(told -> held.addAll(told.values()));
            }
        } finally {
            lock.unlock();
        }
    }

    private void lookAgain() {
        lock.lock();
        try {
            going = false; // if that fails, the next who enters sees to it
            if (!crowded.isEmpty()) {
                Timers.Timer _ = clockwork.after(PAUSE, this::look);
                going = true;
            }
        } finally {
            lock.unlock();
        }
    }
}
