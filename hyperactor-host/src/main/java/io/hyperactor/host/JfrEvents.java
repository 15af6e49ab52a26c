package io.hyperactor.host;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// What a host writes into a recording of the JDK Flight Recorder.
final class JfrEvents {
    private JfrEvents() {}

    /// What all have in common.
    @Category({"Hyperactor", "Procs"})
    @StackTrace(false)
    abstract static class ProcEventBase extends Event {
        @Label("Proc")
        String name = "";

        @Label("Process Id")
        @Description("0 if it has none")
        long pid;
    }

    /// A spawn or a restart, from its beginning until the proc is ready or has failed.
    @Name("io.hyperactor.ProcSpawn")
    @Label("Proc Spawn")
    static final class ProcSpawn extends ProcEventBase {
        /// Tells whether events of this kind are recorded, without making one.
        static final ProcSpawn KIND = new ProcSpawn();

        @Label("Outcome")
        @Description("'ready', or why it is not")
        String outcome = "";
    }

    /// A proc is ready.
    @Name("io.hyperactor.ProcReady")
    @Label("Proc Ready")
    static final class ProcReady extends ProcEventBase {
        static final ProcReady KIND = new ProcReady();

        @Label("After")
        @Description("Since its spawn began")
        @Timespan(Timespan.MILLISECONDS)
        long after;
    }

    /// A proc has ended.
    @Name("io.hyperactor.ProcExit")
    @Label("Proc Exit")
    static final class Exit extends ProcEventBase {
        static final Exit KIND = new Exit();

        @Label("Exit")
        String exit = "";

        @Label("Uptime")
        @Description("Since its process was started")
        @Timespan(Timespan.MILLISECONDS)
        long uptime;
    }

    /// How long the steps took from the end of a process until everybody was told.
    @Name("io.hyperactor.ProcExitTold")
    @Label("Proc Exit Told")
    static final class ExitTold extends ProcEventBase {
        static final ExitTold KIND = new ExitTold();

        @Label("Reaped")
        @Description("Since the kernel said that it has ended: the rest of its output was read")
        @Timespan(Timespan.NANOSECONDS)
        long reaped;

        @Label("Alone")
        @Description("Since then: all that was killed with it was gone")
        @Timespan(Timespan.NANOSECONDS)
        long alone;

        @Label("Handed On")
        @Description("Since then: the thread that tells had it")
        @Timespan(Timespan.NANOSECONDS)
        long handedOn;

        @Label("Told")
        @Description("Since then: who waits was told")
        @Timespan(Timespan.NANOSECONDS)
        long told;

        static ExitTold of(ExitTimes times, long handedOnAt, long toldAt) {
            var event = new ExitTold();
            event.reaped = times.reaped() - times.detected();
            event.alone = times.handedOn() - times.reaped();
            event.handedOn = handedOnAt - times.handedOn();
            event.told = toldAt - handedOnAt;
            return event;
        }

        void commitFor(String proc, long itsPid) {
            name = proc;
            pid = itsPid;
            commit();
        }
    }

    /// A proc will be restarted.
    @Name("io.hyperactor.ProcRestart")
    @Label("Proc Restart")
    static final class ProcRestart extends ProcEventBase {
        static final ProcRestart KIND = new ProcRestart();

        @Label("Restart")
        @Description("The how manieth restart this is")
        int restart;

        @Label("Pause")
        @Timespan(Timespan.MILLISECONDS)
        long pause;
    }

    /// A proc does not answer.
    @Name("io.hyperactor.ProcSuspected")
    @Label("Proc Suspected")
    static final class ProcSuspected extends ProcEventBase {
        static final ProcSuspected KIND = new ProcSuspected();

        @Label("Silence")
        @Description("Since its last answer")
        @Timespan(Timespan.MILLISECONDS)
        long silence;

        @Label("Killed")
        @Description("Whether it is killed for it")
        boolean killed;
    }

    /// A proc that was suspected answers again.
    @Name("io.hyperactor.ProcRecovered")
    @Label("Proc Recovered")
    static final class ProcRecovered extends ProcEventBase {
        static final ProcRecovered KIND = new ProcRecovered();
    }
}
