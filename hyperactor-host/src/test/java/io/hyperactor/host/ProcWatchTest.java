package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorHandle;
import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Port;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.HostAgentMessage.ProcInfo;
import io.hyperactor.host.HostAgentMessage.ProcNews;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A stranger who watches the procs of a host, with real children.
@Timeout(120)
class ProcWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Host<ProcAgentMessage> host;
    private ActorHandle<HostAgentMessage> handle;
    private ActorRef<HostAgentMessage> agent;
    private Proc here;
    private Client client;
    private Port<ProcNews> news;

    @BeforeEach
    void serve() {
        var spec =
                ProcSpec.java(ProcMain.class)
                        .withLimits(ProcLimits.NONE.withOpenFiles(512).withHeapBytes(1 << 26))
                        .withRestart(
                                RestartPolicy.PERMANENT.withPauses(
                                        Duration.ofMillis(10), Duration.ofMillis(50)));
        host = Host.serve(ChannelAddress.any(Transport.UNIX), ProcessProcManager.running(spec));
        handle = HostAgent.spawn(host);
        agent = ActorRef.attest(handle.id(), HostAgentMessage.class); // as a stranger
        here = Proc.direct(ChannelAddress.any(Transport.UNIX), "stranger");
        client = here.client("client");
        news = client.openPort(ProcNews.class);
    }

    @AfterEach
    void close() {
        host.close(); // first, for it waits for those whom it has told something
        client.close();
        here.close();
    }

    /// All that is said of its start has been said: nobody who watches from now on hears of it.
    private long spawn(String name) throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        Runnable unobserve =
                host.observe(event -> {
                    if (event.change() instanceof ProcEvent.Change.Ready) {
                        ready.countDown();
                    }
                });
        long pid = host.spawn(name).pid().orElseThrow();
        assertThat(ready.await(30, TimeUnit.SECONDS)).isTrue();
        unobserve.run();
        return pid;
    }

    private void watch() throws InterruptedException {
        HostAgentMessage.FeedReply reply =
                client.ask(
                        agent,
                        replyTo -> new HostAgentMessage.WatchProcs(news.ref(), replyTo),
                        PATIENCE);
        assertThat(reply).isEqualTo(new HostAgentMessage.FeedBegins());
    }

    private boolean isFed() throws InterruptedException {
        return client.ask(
                agent,
                replyTo -> new HostAgentMessage.FeedTaken(news.ref().id(), 0, replyTo),
                PATIENCE);
    }

    private ProcNews nextLook() throws InterruptedException {
        ProcNews next = news.receive(PATIENCE).orElseThrow();
        assertThat(next.what()).isEqualTo("is");
        return next;
    }

    /// What happens until then, without what looks tell in between.
    private List<ProcNews> until(String what) throws InterruptedException {
        List<ProcNews> all = new ArrayList<>();
        do {
            ProcNews next = news.receive(PATIENCE).orElseThrow();
            if (!next.what().equals("is")) {
                all.add(next);
            }
        } while (all.isEmpty() || !all.getLast().what().equals(what));
        return all;
    }

    @Test
    void aWatcherLearnsHowAllProcsAreAndThenWhatHappensToThem() throws Exception {
        long pid = spawn("a");
        watch();
        ProcNews first = nextLook();
        assertThat(first.detail()).isEqualTo("ready");
        ProcInfo listed = list().getFirst();
        assertThat(proc(first))
                .usingRecursiveComparison()
                .ignoringFields("uptimeMillis", "rssBytes", "cpuMillis")
                .isEqualTo(listed);
        assertThat(listed)
                .isEqualTo(
                        new ProcInfo(
                                "a",
                                pid,
                                "ready",
                                listed.uptimeMillis(),
                                listed.rssBytes(),
                                listed.cpuMillis(),
                                0,
                                "",
                                host.views().getFirst().limits()));
        assertThat(listed.limits()).hasSize(2);
        assertIsMeasured(proc(first));
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
        List<ProcNews> life = until("ready");
        assertThat(life)
                .extracting(ProcNews::what)
                .containsExactly("ended", "restarting", "started", "ready");
        assertThat(life)
                .extracting(item -> proc(item).state())
                .containsExactly("restarting", "restarting", "running", "ready");
        assertThat(life).allMatch(item -> proc(item).name().equals("a"));
        assertThat(life).allMatch(item -> proc(item).restarts() == 1);
        assertThat(life)
                .allMatch(item -> proc(item).lastExit().equals("killed by signal 9 (SIGKILL)"));
        assertThat(proc(life.getFirst()).pid()).isEqualTo(pid);
        assertThat(proc(life.getFirst()).rssBytes()).isZero();
        assertThat(life.getFirst().detail()).startsWith("ended: killed by signal 9 (SIGKILL)");
        assertThat(proc(life.getLast()).pid()).isNotIn(0L, pid);
        assertIsMeasured(proc(life.getLast()));

        host.stop("a", PATIENCE, "test");
        ProcNews last = until("ended").getLast();
        assertThat(last.detail()).isEqualTo("ended: exited with status 0");
        assertThat(proc(last).state()).isEqualTo("ended");
        assertThat(proc(last).uptimeMillis()).isZero();
        assertThat(proc(last).lastExit()).isEqualTo("exited with status 0");
    }

    private static ProcInfo proc(ProcNews item) {
        return item.proc().orElseThrow();
    }

    private static void assertIsMeasured(ProcInfo proc) {
        assertThat(proc.uptimeMillis()).isPositive();
        assertThat(proc.rssBytes()).isPositive();
        assertThat(proc.cpuMillis()).isPositive();
    }

    private List<ProcInfo> list() throws InterruptedException {
        return client.ask(agent, HostAgentMessage.ListProcs::new, PATIENCE);
    }

    @Test
    void whatAProcUsesIsToldAgainAndAgain() throws Exception {
        spawn("a");
        watch();
        ProcInfo last = proc(nextLook());
        for (int i = 0; i < 2; i++) {
            ProcInfo next = proc(nextLook());
            assertThat(next.uptimeMillis() - last.uptimeMillis())
                    .isGreaterThanOrEqualTo(ProcWatch.LOOK_PERIOD.toMillis() / 2);
            assertThat(next.cpuMillis()).isGreaterThanOrEqualTo(last.cpuMillis());
            assertIsMeasured(next);
            last = next;
        }
    }

    @Test
    void nothingIsLookedAtForNobody() throws Exception {
        host.spawn("a");
        BlockingQueue<ProcNews> told = new LinkedBlockingQueue<>();
        Feeds feeds = new Feeds(System::nanoTime);
        try (var timer = new ScheduledThreadPoolExecutor(1)) {
            ProcWatch.begin(host, InstantSource.system(), timer, news.ref().id(), feeds, told::add);
            assertThat(told.poll(30, TimeUnit.SECONDS)).isNotNull();
            feeds.end(news.ref().id());
            assertThat(timer.getQueue()).allMatch(look -> ((Future<?>) look).isCancelled());
        }
    }

    @Test
    void aFeedThatFailsIsLookedAtForNoMore() throws Exception {
        host.spawn("a");
        CountDownLatch failed = new CountDownLatch(1);
        Feeds feeds = new Feeds(System::nanoTime);
        try (var timer = new Hurried()) {
            ProcWatch.begin(
                    host,
                    InstantSource.system(),
                    timer,
                    news.ref().id(),
                    feeds,
                    _ -> {
                        failed.countDown();
                        throw new IllegalStateException("planned");
                    });
            assertThat(failed.await(30, TimeUnit.SECONDS)).isTrue();
            await().atMost(PATIENCE).until(() -> timer.looks.isCancelled());
        }
    }

    /// Lets hardly any time pass between two looks.
    private static final class Hurried extends ScheduledThreadPoolExecutor {
        private volatile ScheduledFuture<?> looks;

        Hurried() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(
                Runnable task, long first, long next, TimeUnit unit) {
            looks = super.scheduleWithFixedDelay(task, 1, 1, TimeUnit.MILLISECONDS);
            return looks;
        }
    }

    @Test
    void whenTheAgentIsKilledNothingIsLookedAtAnyMore() throws Exception {
        long before = looks();
        watch();
        assertThat(looks()).isEqualTo(before + 1);
        handle.kill("test");
        await().atMost(PATIENCE).until(() -> looks() == before);
    }

    private static long looks() {
        var timer = (ScheduledThreadPoolExecutor) Threads.timer();
        return timer.getQueue().stream()
                .filter(task -> ((RunnableScheduledFuture<?>) task).isPeriodic())
                .count();
    }

    @Test
    void whoSaysSoIsToldNoMore() throws Exception {
        watch();
        assertThat(isFed()).isTrue();
        client.send(agent, new HostAgentMessage.EndFeed(news.ref().id()));
        assertThat(isFed()).isFalse();
        host.spawn("a");
        assertThat(news.poll()).isEmpty();
    }

    @Test
    void whoIsGoneIsNoticedByTheFirstMessageThatComesBack() throws Exception {
        watch();
        news.close();
        host.spawn("a");
        await().atMost(PATIENCE).until(() -> !isFed());
    }
}
