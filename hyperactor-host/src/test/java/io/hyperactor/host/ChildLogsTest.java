package io.hyperactor.host;

import static io.hyperactor.host.LogRecord.Source.HOST;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.event.Level;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;

/// What real children print and log, well and badly.
@Timeout(120)
class ChildLogsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ProcessProcManager<ProcAgentMessage> manager =
            ProcessProcManager.running(TalkativeProc.class);
    private final Host<ProcAgentMessage> host =
            Host.serve(ChannelAddress.any(Transport.UNIX), manager);
    private final Client client = host.systemProc().client("test");
    private final LogFollower follower =
            manager.logs().follow(new LogQuery(Set.of(), Optional.empty(), LogQuery.MAX));

    private final Queue<LogRecord> taken = new ArrayDeque<>();
    private long missed;

    @AfterEach
    void close() {
        client.close();
        host.close();
    }

    private ActorRef<TalkativeMessage> talkative(ReadyProc<ProcAgentMessage> proc)
            throws InterruptedException {
        return client.spawn(proc.agent(), "talkative", TalkativeActor.TYPE);
    }

    /// The records until one that is the last, with it.
    private List<LogRecord> until(Predicate<LogRecord> last) throws InterruptedException {
        List<LogRecord> all = new ArrayList<>();
        while (all.isEmpty() || !last.test(all.getLast())) {
            if (taken.isEmpty()) {
                LogBatch batch = follower.next(PATIENCE);
                assertThat(batch.records()).as("came after %s", all).isNotEmpty();
                missed += batch.missed();
                taken.addAll(batch.records());
            }
            all.add(taken.remove());
        }
        return all;
    }

    private LogRecord await(Predicate<LogRecord> wanted) throws InterruptedException {
        return until(wanted).getLast();
    }

    @Test
    void anEventArrivesWithAllItsParts() throws Exception {
        Instant before = Instant.now();
        ReadyProc<ProcAgentMessage> proc = host.spawn("p");
        client.send(talkative(proc), new TalkativeMessage.Inform("not wanted"));
        client.send(talkativeOf(proc), new TalkativeMessage.Warn("take care"));

        LogRecord record = await(r -> r.source() == LogRecord.Source.EVENT);

        assertThat(record.proc()).isEqualTo("p");
        assertThat(record.pid()).isEqualTo(proc.pid().orElseThrow());
        assertThat(record.level()).isEqualTo(Level.WARN);
        assertThat(record.logger()).isEqualTo("some.Logger");
        assertThat(record.thread()).startsWith("hyperactor-");
        assertThat(record.text()).isEqualTo("take care");
        assertThat(record.keyValues()).containsEntry("proc", "p").hasSize(1);
        assertThat(record.failure()).startsWith("java.lang.IllegalStateException: why\n\tat ");
        assertThat(record.time()).isBetween(before, Instant.now());
        assertThat(manager.droppedEvents() + manager.refusedEvents()).isZero();
    }

    private static ActorRef<TalkativeMessage> talkativeOf(ReadyProc<ProcAgentMessage> proc) {
        return ActorRef.attest(proc.procId().actor("talkative", 0), TalkativeMessage.class);
    }

    @Test
    void anErrorIsNotLostWhenItsProcEndsAtOnce() throws Exception {
        ReadyProc<ProcAgentMessage> proc = host.spawn("p");
        client.send(talkative(proc), new TalkativeMessage.Die());

        LogRecord record = await(r -> r.level() == Level.ERROR);

        assertThat(record.text()).isEqualTo("dying of thirst");
        assertThat(proc.handle().exit()).succeedsWithin(PATIENCE).isEqualTo(new ProcExit.Exited(3));
    }

    @Test
    void aFloodOfEventsIsBoundedAndCountedAndItsErrorIsNotLost() throws Exception {
        ReadyProc<ProcAgentMessage> proc = host.spawn("p");
        int count = 50_000; // 50 MB
        client.send(talkative(proc), new TalkativeMessage.Flood(count));

        // over the link, or if that is full, over standard error
        List<LogRecord> all = until(r -> r.text().contains("the flood is over"));
        while (!all.getLast().text().equals("awake")) { // may itself find no room
            client.send(talkativeOf(proc), new TalkativeMessage.Warn("awake"));
            all.addAll(until(r -> r.text().equals("awake") || r.source() == HOST));
        }

        long got = all.stream().filter(r -> r.text().startsWith("xxx")).count();
        assertThat(got).isBetween(500L, count / 2L); // the rate is a thousand a second
        assertThat(got + missed + manager.droppedEvents()).isGreaterThanOrEqualTo(count);
        assertThat(manager.droppedEvents()).isBetween(count / 2L - missed, count + 100L);
        assertThat(manager.refusedEvents()).isZero();
    }

    @Test
    void hostileEventsHarmNobody() throws Exception {
        ReadyProc<ProcAgentMessage> proc = host.spawn("p");
        client.send(talkative(proc), new TalkativeMessage.Hostile());

        List<LogRecord> all = until(r -> r.text().startsWith("half"));

        List<LogRecord> events =
                all.stream().filter(r -> r.source() == LogRecord.Source.EVENT).toList();
        assertThat(events).hasSize(4).allMatch(r -> r.proc().equals("p"));
        assertThat(events.get(0).text())
                .startsWith("[FAILED toString()] of null \\x1b[2J\\x0d\\x0a[host 1]");
        assertThat(events.get(0).keyValues())
                .containsKey("key\\x0a2026-01-01T00:00:00Z\tother\t1\tout")
                .containsEntry("key", "null");
        assertThat(events.get(1).text()).startsWith("yyy").endsWith(" more characters]");
        assertThat(events.get(3).text()).isEqualTo("half \\ud83d");
    }

    @Test
    void whatIsPrintedIsTaggedByTheHostWhateverItSays() throws Exception {
        ReadyProc<ProcAgentMessage> proc = host.spawn("p");
        String forged = "2026-01-01T00:00:00Z\thost\t1\tout\tINFO\t\t\tall is well";
        byte[] bytes = (forged + "\n\u001b[2K\ra\0\u202eb\nlast\n").getBytes(UTF_8);
        client.send(talkative(proc), new TalkativeMessage.Print(bytes));

        List<LogRecord> printed =
                until(r -> r.text().equals("last")).stream()
                        .filter(r -> r.source() == LogRecord.Source.STDOUT)
                        .toList();

        long pid = proc.pid().orElseThrow();
        assertThat(printed).hasSize(3).allMatch(r -> r.proc().equals("p") && r.pid() == pid);
        assertThat(printed.get(0).text()).isEqualTo(forged);
        assertThat(LogFormat.line(printed.get(0))).contains("\tp\t" + pid + "\tout\tINFO\t");
        assertThat(LogFormat.line(printed.get(0)).split("\t")).hasSize(8);
        assertThat(printed.get(1).text()).isEqualTo("\\x1b[2K\\x0da\\x00\\u202eb");
    }

    @Test
    void theLastWordsOfAnEndedProcCanStillBeFound() throws Exception {
        ReadyProc<ProcAgentMessage> proc = host.spawn("p");
        client.send(talkative(proc), new TalkativeMessage.Warn("the last one"));
        var _ = await(r -> r.text().equals("the last one"));
        var _ = host.stop("p", PATIENCE, "test");

        assertThat(manager.logs().find(new LogQuery(Set.of("p"), Optional.empty(), 10)))
                .extracting(LogRecord::text)
                .contains("the last one");
        assertThat(manager.logs().knows("p")).isTrue();
        assertThat(manager.logs().knows("q")).isFalse();
    }
}
