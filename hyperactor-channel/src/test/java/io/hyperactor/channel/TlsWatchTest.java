package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Whom a link is with when certificates and authorities are replaced meanwhile.
@Timeout(120)
final class TlsWatchTest {
    private static final Duration GIVEN_UP = Duration.ofSeconds(3);

    @TempDir Path directory;
    private final Events served = new Events();
    private final Events dialled = new Events();
    private final Recorder recorder = new Recorder();
    private final Ending ending = new Ending();
    private TestAuthority authority;
    private Channels serving;
    private Channels dialling;
    private Tx tx;

    @BeforeEach
    void link() throws Exception {
        authority = new TestAuthority(directory);
        serving = new Channels(config("server", served));
        dialling = new Channels(config("client", dialled));
        ChannelServer server =
                serving.serve(TestTransports.any(Transport.TLS), Admission.open(), recorder);
        tx = dialling.dial(server.address(), Secret.NONE, ending);
        send("one");
    }

    @AfterEach
    void close() {
        dialling.close();
        serving.close();
        assertThat(served.of(ChannelEvent.Fault.class)).isEmpty();
        assertThat(dialled.of(ChannelEvent.Fault.class)).isEmpty();
    }

    private void send(String text) throws Exception {
        tx.offer(Frames.text(text));
        tx.flush().get(60, TimeUnit.SECONDS);
    }

    private ChannelConfig config(String prefix, Events events) throws Exception {
        issue(prefix);
        believe(prefix);
        return ChannelConfig.standard()
                .withEvents(events)
                .withAckTimeout(GIVEN_UP)
                .withTls(
                        new TlsIdentity(
                                directory.resolve(prefix + ".pem"),
                                directory.resolve(prefix + "-key.pem"),
                                authorities(prefix)));
    }

    private Path authorities(String prefix) {
        return directory.resolve(prefix + "-believes.pem");
    }

    private void issue(String prefix) throws Exception {
        TlsIdentity issued =
                authority.issueInto(
                        directory.resolve(prefix), TestAuthority.Kind.of("localhost", prefix));
        Path another = new TestAuthority(directory).file(); // as some show more than their path
        Files.writeString(
                issued.certificates(), Files.readString(another), StandardOpenOption.APPEND);
    }

    private void believe(String prefix) throws Exception {
        Path _ =
                Files.copy(
                        authority.file(), authorities(prefix), StandardCopyOption.REPLACE_EXISTING);
    }

    private void assertRefusedAtBothEnds() {
        assertThat(served.await(ChannelEvent.HandshakeFailed.class).cause()).isNotNull();
        assertThat(dialled.await(ChannelEvent.DialRetried.class).cause()).isNotNull();
        assertThat(ending.reason()).isInstanceOf(CloseReason.AckTimedOut.class);
        assertThat(recorder.texts()).containsExactly("one");
    }

    @Test
    void aDiallerThatIsNotBelievedAnyMoreIsCutOff() throws Exception {
        authority = new TestAuthority(directory);
        believe("server");
        var event = served.await(ChannelEvent.PeerDistrusted.class);
        assertThat(event.names()).isEqualTo(Set.of("localhost", "client"));
        tx.offer(Frames.text("two"));
        assertRefusedAtBothEnds();
    }

    @Test
    void aServerThatIsNotBelievedAnyMoreIsLeft() throws Exception {
        authority = new TestAuthority(directory);
        believe("client");
        var event = dialled.await(ChannelEvent.PeerDistrusted.class);
        assertThat(event.names()).isEqualTo(Set.of("localhost", "server"));
        tx.offer(Frames.text("two"));
        assertRefusedAtBothEnds();
    }

    @Test
    void theSessionGoesOnWithACertificateThatIsBelieved() throws Exception {
        authority = new TestAuthority(directory);
        issue("client");
        believe("server");
        served.await(ChannelEvent.PeerDistrusted.class);
        dialled.await(ChannelEvent.ConnectionBroke.class); // else it may be sent before that
        send("two");
        assertThat(tx.closed()).isEmpty();
        assertThat(recorder.texts()).containsExactly("one", "two");
    }

    @Test
    void whoIsStillBelievedKeepsItsConnection() throws Exception {
        issue("server");
        served.await(ChannelEvent.IdentityReloaded.class); // though nobody connects
        issue("client");
        dialled.await(ChannelEvent.IdentityReloaded.class);
        send("two");
        assertThat(served.of(ChannelEvent.PeerDistrusted.class)).isEmpty();
        assertThat(dialled.of(ChannelEvent.PeerDistrusted.class)).isEmpty();
        assertThat(dialled.of(ChannelEvent.ConnectionBroke.class)).isEmpty();
        assertThat(recorder.texts()).containsExactly("one", "two");
    }
}
