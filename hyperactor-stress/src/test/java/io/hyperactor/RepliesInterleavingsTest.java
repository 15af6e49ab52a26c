package io.hyperactor;

import io.hyperactor.stress.Check;
import io.hyperactor.stress.Interleavings;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// Answers that come while workers complete others: each reaches its future.
final class RepliesInterleavingsTest {
    @Test
    void whatIsAnsweredIsCompletedWhoeverDoesIt() {
        Interleavings.check(Real.class, 2);
    }

    @Test
    void theCopyThatBugsArePlantedInIsSoundWithoutThem() {
        Interleavings.check(Sound.class, 2);
    }

    @Test
    void whoLooksForOthersBeforeHeIsSeenIsCaught() {
        Interleavings.assertCaught(LooksTooEarly.class, 2);
    }

    @Test
    void aWorkerThatHandsOnWhatItHasNotTakenIsCaught() {
        Interleavings.assertCaught(HandsOnTooEarly.class, 2);
    }

    /// Any number of threads that bring answers, and of workers. Three have come together.
    public abstract static class Answering {
        private final AtomicInteger answers = new AtomicInteger();

        abstract void bring();

        abstract boolean runNext();

        abstract long completed();

        void begin() {
            answer();
            answer();
            answer();
        }

        @Operation
        public void answer() {
            answers.incrementAndGet();
            bring();
        }

        @Operation
        public void work() {
            boolean _ = runNext();
        }

        /// When no more come and the workers have nothing to do.
        @Validate
        public void allAreComplete() {
            boolean more = true;
            while (more) {
                more = runNext();
            }
            Check.same((long) answers.get(), completed(), "completed");
        }
    }

    /// As it is.
    public static class Real extends Answering {
        private final Dispatcher dispatcher = StillProcess.dispatcher();
        private final Replies replies = new Replies(dispatcher);
        private final Queue<OncePort<String>> ports = new ConcurrentLinkedQueue<>();

        public Real() {
            begin();
        }

        @Override
        void bring() {
            OncePort<String> port = new OncePort<>(null, 1, null, replies);
            ports.add(port);
            if (replies.put(port)) {
                replies.wake();
            }
        }

        @Override
        boolean runNext() {
            Runnable next = dispatcher.next();
            if (next != null) {
                next.run();
            }
            return next != null;
        }

        @Override
        long completed() {
            return ports.stream().filter(port -> port.value().isDone()).count();
        }
    }

    private enum Bug {
        NONE,
        LOOKS_TOO_EARLY,
        HANDS_ON_TOO_EARLY
    }

    private static final class Answer {
        Answer next;
    }

    /// The middle of [Replies] once more, with a line that can be broken.
    public abstract static class Planted extends Answering {
        private final Bug bug;
        private final Queue<Runnable> activations = new ConcurrentLinkedQueue<>();
        private final AtomicReference<Answer> newest = new AtomicReference<>();
        private final AtomicInteger completed = new AtomicInteger();

        Planted(Bug bug) {
            this.bug = bug;
            begin();
        }

        @Override
        void bring() {
            Answer answer = new Answer();
            boolean wasFirst = newest.get() == null;
            Answer top;
            do {
                top = newest.get();
                answer.next = top;
            } while (!newest.compareAndSet(top, answer));
            if (bug == Bug.LOOKS_TOO_EARLY ? wasFirst : top == null) {
                activations.add(this::completeAll);
            }
        }

        private void completeAll() {
            Row row = new Row();
            row.next = newest.getAndSet(null);
            row.run();
        }

        @Override
        boolean runNext() {
            Runnable next = activations.poll();
            if (next != null) {
                next.run();
            }
            return next != null;
        }

        @Override
        long completed() {
            return completed.get();
        }

        private final class Row implements Runnable {
            private Answer next;

            @Override
            public void run() {
                Answer answer = next;
                if (answer == null) {
                    return;
                }
                boolean isLast = answer.next == null;
                if (bug == Bug.HANDS_ON_TOO_EARLY && !isLast) {
                    activations.add(this);
                }
                next = answer.next;
                answer.next = null;
                if (bug != Bug.HANDS_ON_TOO_EARLY && !isLast) {
                    activations.add(this);
                }
                completed.incrementAndGet();
            }
        }
    }

    /// As it should be.
    public static class Sound extends Planted {
        public Sound() {
            super(Bug.NONE);
        }
    }

    /// Wakes nobody if others were there before, who may have been completed meanwhile.
    public static class LooksTooEarly extends Planted {
        public LooksTooEarly() {
            super(Bug.LOOKS_TOO_EARLY);
        }
    }

    /// Lets another worker have the answer that it is about to take.
    public static class HandsOnTooEarly extends Planted {
        public HandsOnTooEarly() {
            super(Bug.HANDS_ON_TOO_EARLY);
        }
    }
}
