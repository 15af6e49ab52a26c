package io.hyperactor.host;

import io.hyperactor.ActorDefinition;
import io.hyperactor.ActorHandle;
import io.hyperactor.ActorTypes;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgent;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.ProcConfig;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// The whole `main` of an ordinary child: a proc with a [ProcAgent] and an [EchoActor] that ends
/// when its host says so, when it gets SIGTERM, or when its host is gone.
public final class ProcMain {
    /// Environment: what a child is for, if it is no proc of its own.
    static final String ROLE = "HYPERACTOR_HOST_ROLE";

    /// The [#ROLE] of a child that does once what a proc does, and ends.
    static final String TRAINING = "training";

    /// The [#ROLE] of a child that is told later which proc it is to be.
    static final String SPARE = "spare";

    private static final Duration TERM_GRACE = Duration.ofSeconds(5);
    private static final Duration FLUSH_LIMIT = Duration.ofMillis(200);
    private static final int FAILED = 1;

    private ProcMain() {}

    /// Runs a proc without actor types of its own.
    public static void main(String[] args) {
        run();
    }

    /// Whether a host started this process: as one of its procs, as a spare that will be one, or to
    /// train the AOT cache of its procs. So one program can be both; it then calls [#run].
    public static boolean isChild() {
        return System.getenv(ProcBoot.PROC_ID) != null || System.getenv(ROLE) != null;
    }

    /// Makes this process the proc that its host wants, and does not return: the process ends with
    /// the proc, with status 0 if it was asked to.
    ///
    /// @param types what the proc may be asked to spawn
    public static void run(ActorDefinition<?>... types) {
        EarlyStart.begin();
        runWith(null, types);
    }

    /// Like [#run(ActorDefinition...)], with other bounds for the proc.
    public static void run(ProcConfig config, ActorDefinition<?>... types) {
        EarlyStart.begin();
        runWith(config, types);
    }

    /// @param given null for the defaults, which are not needed where this is no proc
    private static void runWith(@Nullable ProcConfig given, ActorDefinition<?>... types) {
        int status = FAILED;
        try {
            ActorTypes known = ActorTypes.of(types);
            switch (System.getenv().getOrDefault(ROLE, "")) {
                case TRAINING -> train();
                case SPARE -> {
                    Assignment assignment = awaitAssignment();
                    live(ProcBoot.bootProc(assignment, config(given), populating(known)));
                }
                default -> live(ProcBoot.bootProc(config(given), populating(known)));
            }
            status = 0;
        } catch (HostException e) {
            System.err.println(e.getMessage());
        } catch (InterruptedException | ExecutionException | RuntimeException e) {
            log().error("proc failed", e);
        }
        halt(status);
    }

    private static ProcConfig config(@Nullable ProcConfig given) {
        return given == null ? ProcConfig.defaults() : given;
    }

    /// Nothing may hold up the end of a child, but why it ends should be known.
    private static void halt(int status) {
        try {
            StderrLogs.flush(FLUSH_LIMIT);
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }

    /// Not needed where all goes well, and then the first thing that a child would do.
    private static Logger log() {
        return LoggerFactory.getLogger(ProcMain.class);
    }

    private static void live(Proc proc) throws InterruptedException, ExecutionException {
        Runtime.getRuntime().addShutdownHook(onTerm(proc));
        proc.ended().get();
        proc.close();
    }

    /// What ends up in an AOT cache is what runs here.
    private static void train() throws InterruptedException {
        var _ = ControlPipe.inheritedLine();
        rehearse();
        log().warn("rehearsed"); // so that logging is part of it; nobody reads it
    }

    private static Assignment awaitAssignment() throws InterruptedException {
        ControlPipe pipe =
                ControlPipe.inherited()
                        .orElseThrow(
                                () -> new HostException.MissingParameter(ControlPipe.VARIABLE));
        rehearse();
        return ProcBoot.park(System.getenv(), pipe);
    }

    private static void rehearse() throws InterruptedException {
        var populate = populating(ActorTypes.of(EchoActor.TYPE));
        Rehearsal.run(proc -> {
            Thread onTerm = onTerm(proc);
            Runtime.getRuntime().addShutdownHook(onTerm);
            Runtime.getRuntime().removeShutdownHook(onTerm);
            return populate.apply(proc);
        });
    }

    private static Thread onTerm(Proc proc) {
        return new Thread(() -> drain(proc), "hyperactor-term");
    }

    /// Its last words tell the host which kind of memory there was too little of.
    private static void runOutOfMemory(Error error) {
        try {
            System.err.println(error);
        } finally {
            halt(OutOfMemoryLine.STATUS);
        }
    }

    private static Function<Proc, ActorHandle<ProcAgentMessage>> populating(ActorTypes types) {
        return proc -> populate(proc, types);
    }

    /// All that others may count on is there before the host is told.
    private static ActorHandle<ProcAgentMessage> populate(Proc proc, ActorTypes types) {
        proc.onFatal(ProcMain::runOutOfMemory);
        var _ = proc.spawn(EchoActor.NAME, EchoActor.TYPE);
        return proc.spawn(ProcAgent.NAME, ProcAgent.type(types));
    }

    /// On SIGTERM: what the agent does when told to.
    private static void drain(Proc proc) {
        try {
            proc.stop(TERM_GRACE, "SIGTERM").get(TERM_GRACE.toMillis() * 2, TimeUnit.MILLISECONDS);
            proc.close();
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            log().warn("not drained", e);
        }
    }
}
