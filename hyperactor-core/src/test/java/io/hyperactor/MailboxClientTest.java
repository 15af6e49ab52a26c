package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.channel.Admission;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

final class MailboxClientTest {
    private static final ProcId HERE = new ProcId(new ChannelAddress.Local(1), "here");

    @TempDir private Path directory;

    /// Has no memory left for news to that sender.
    private record Exhausted(String name, List<String> told) implements MailboxSender {
        @Override
        public boolean offer(Envelope news) {
            String sender = news.destination().actor().name();
            if (sender.equals(name)) {
                throw new OutOfMemoryError("on purpose");
            }
            told.add(sender);
            return true;
        }

        @Override
        public CompletableFuture<Void> flush() {
            return CompletableFuture.completedFuture(null);
        }
    }

    private static Envelope message(String from, ChannelAddress to) {
        ActorId sender = HERE.actor(from, 0);
        return new ObjectEnvelope(
                Origin.NOWHERE,
                Address.of(sender),
                Address.of(new ProcId(to, "there").actor("a", 0)),
                Protocols.of(Work.class).handlerIndex(),
                0,
                0,
                false,
                new Work.Item(1),
                Protocols.of(Work.class),
                null);
    }

    @Test
    void whatCanNotBeGivenBackIsCountedAndKeepsNothingElse() {
        try (Net net = new Net(directory)) {
            MailboxServer deaf =
                    MailboxServer.bind(
                            net.config, ChannelAddress.any(Transport.UNIX), Admission.open());
            Exhausted home = new Exhausted("second", new CopyOnWriteArrayList<>());
            CompletableFuture<Void> next = new CompletableFuture<>();
            MailboxClient client =
                    new MailboxClient(
                            net.channels,
                            deaf.address(),
                            Secret.NONE,
                            Home.of(home),
                            (ended, why) -> () -> next.complete(null));
            for (String sender : List.of("first", "second", "third", "fourth")) {
                assertThat(client.offer(message(sender, deaf.address()))).isTrue();
            }
            long before = Counters.abandoned();

            client.displace("to see what comes back");

            Waiting.get(next);
            assertThat(home.told).containsExactly("first", "third", "fourth");
            assertThat(Counters.abandoned()).isEqualTo(before + 1);
        }
    }

    @Test
    void whatIsCountedGoesByTheNewestLinkWhoeverComesLate() {
        try (Net net = new Net(directory)) {
            MailboxClient older = clientOfNobody(net);
            MailboxClient newer = clientOfNobody(net);
            Tallies tallies = new Tallies();
            tallies.goBy(older);
            tallies.goBy(newer);
            tallies.goBy(older);
            assertThat(tallies.link()).isSameAs(newer);
            tallies.tell(Home.of(new Exhausted("nobody", List.of())));
            assertThat(tallies.link()).isNull();
        }
    }

    private MailboxClient clientOfNobody(Net net) {
        return new MailboxClient(
                net.channels,
                new ChannelAddress.Unix(directory.resolve("nobody").toString()),
                Secret.NONE,
                Home.of(new Exhausted("nobody", List.of())),
                (ended, why) -> null);
    }
}
