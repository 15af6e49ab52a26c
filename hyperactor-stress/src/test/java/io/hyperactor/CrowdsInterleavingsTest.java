package io.hyperactor;

import io.hyperactor.stress.Check;
import io.hyperactor.stress.Interleavings;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/// Messages that come to a place that is crowded while others find that it has room again: in the
/// end their sender has heard what is true.
final class CrowdsInterleavingsTest {
    private static final Envelope MESSAGE =
            new ObjectEnvelope(
                    Origin.NOWHERE,
                    Address.of(new ProcId(new ChannelAddress.Local(2), "from").actor("s", 0)),
                    Address.of(new ProcId(new ChannelAddress.Local(1), "to").actor("a", 0)),
                    Hold.TYPE.handlerIndex(),
                    0,
                    0,
                    false,
                    "message",
                    Hold.TYPE,
                    null);

    @Test
    void whatASenderHearsLastIsTrue() {
        Interleavings.check(Real.class, 2);
    }

    @Test
    void theCopyThatABugIsPlantedInIsSoundWithoutIt() {
        Interleavings.check(Sound.class, 2);
    }

    @Test
    void whoSaysWhatWasTrueAMomentAgoIsCaught() {
        Interleavings.assertCaught(SaysWhatWasTrue.class, 2);
    }

    /// A place, and a sender to it who is in another proc and has been told to hold back.
    public abstract static class Crowding {
        final AtomicBoolean isRoomy = new AtomicBoolean();
        final AtomicBoolean holdsBack = new AtomicBoolean();

        abstract void enterPlace();

        abstract void lookAtPlace();

        @Operation(nonParallelGroup = "link")
        public void enter() {
            isRoomy.set(false);
            enterPlace();
        }

        @Operation(nonParallelGroup = "timer")
        public void look() {
            isRoomy.set(true);
            lookAtPlace();
        }

        /// When what was true last is so once more, and when the contrary is.
        @Validate
        public void theLastWordIsTrue() {
            if (isRoomy.get()) {
                goesOnWhenRoomy();
                waitsWhenCrowded();
            } else {
                waitsWhenCrowded();
                goesOnWhenRoomy();
            }
        }

        private void waitsWhenCrowded() {
            enter();
            Check.that(holdsBack.get(), "goes on though it is crowded");
        }

        private void goesOnWhenRoomy() {
            look();
            Check.that(!holdsBack.get(), "holds back though it is roomy");
        }
    }

    /// As it is.
    public static class Real extends Crowding implements MailboxSender, Crowds.Place {
        private final StillProcess process = new StillProcess();
        private final Home home = process.home(this);
        private final Crowds crowds = new Crowds(process);

        public Real() {
            enter();
        }

        @Override
        void enterPlace() {
            crowds.entered(this, MESSAGE, false, home);
        }

        @Override
        void lookAtPlace() {
            boolean _ = process.runNext();
        }

        @Override
        public boolean isRoomy() {
            return isRoomy.get();
        }

        /// The sender hears it.
        @Override
        public boolean offer(Envelope envelope) {
            holdsBack.set(((Hold) envelope.message(Hold.TYPE)).on());
            return true;
        }

        @Override
        public CompletableFuture<Void> flush() {
            return CompletableFuture.completedFuture(null);
        }
    }

    /// The middle of [Crowds] once more, with a line that can be broken.
    public abstract static class Planted extends Crowding {
        private final boolean looksAgain;
        private final AtomicBoolean isIn = new AtomicBoolean();

        Planted(boolean looksAgain) {
            this.looksAgain = looksAgain;
            enter();
        }

        @Override
        void enterPlace() {
            if (change(true)) {
                tell(true);
            }
        }

        @Override
        void lookAtPlace() {
            if (isRoomy.get() && change(false)) {
                tell(false);
            }
        }

        private boolean change(boolean now) {
            return isIn.getAndSet(now) != now;
        }

        private void tell(boolean hold) {
            boolean said = hold;
            holdsBack.set(said);
            while (looksAgain && isIn.get() != said) {
                said = !said;
                holdsBack.set(said);
            }
        }
    }

    /// As it should be.
    public static class Sound extends Planted {
        public Sound() {
            super(true);
        }
    }

    /// Does not look whether it is still true.
    public static class SaysWhatWasTrue extends Planted {
        public SaysWhatWasTrue() {
            super(false);
        }
    }
}
