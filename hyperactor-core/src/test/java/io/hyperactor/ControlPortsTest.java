package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.channel.Channels;
import io.hyperactor.channel.FrameRefused;
import io.hyperactor.channel.Inbound;
import io.hyperactor.channel.Peer;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.PortId;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// Every control port, and everybody who may say something there, in the name of whom it must come
/// from and in his own: what a server lets in, and what is believed of it. docs/security.md says
/// whom.
class ControlPortsTest {
    private static final String UNIX = "unix:/run/host.sock";
    private static final String TCP = "tcp:127.0.0.1:1";
    private static final String TLS = "tls:a.example.com:1";
    private static final long LIFE = 7;

    /// Who says it, over a link that shows this.
    ///
    /// @param self whom he names if he names himself
    private record Role(
            String who, ChannelAddress localAddress, Peer peer, ActorId self, Set<String> peerNames)
            implements Inbound {
        static Role of(String who, String server, Peer peer, String self, String... names) {
            return new Role(
                    who,
                    ChannelAddress.parse(server),
                    peer,
                    ProcId.parse(self).actor("self", 0),
                    Set.of(names));
        }

        /// A proc of the host.
        static Role child(String name) {
            String id = UNIX + "," + name;
            return of(name, UNIX, new Peer.Member(ProcId.parse(id)), id);
        }

        ProcId here(String name) {
            return new ProcId(localAddress, name);
        }

        @Override
        public void resume() {}

        @Override
        public Object session() {
            return this;
        }

        @Override
        public long incarnation() {
            return LIFE;
        }

        @Override
        public String toString() {
            return who;
        }
    }

    /// A host, to one of its procs: it passes on what others say.
    private static final Role HOST = Role.of("host", UNIX, new Peer.Trusted(), UNIX + ",service");

    /// In the proc that it must come from.
    private static final Role AUTHOR = Role.child("author");

    /// The last three connect to a frontend, from procs with the author's name elsewhere.
    private static final List<Role> ROLES =
            List.of(
                    HOST,
                    AUTHOR,
                    Role.child("sibling"),
                    Role.of("guest", UNIX, new Peer.Guest(), "unix:/run/other.sock,author"),
                    Role.of("guest over tcp", TCP, new Peer.Guest(), "tcp:127.0.0.1:2,author"),
                    Role.of(
                            "who has a certificate",
                            TLS,
                            new Peer.Guest(),
                            "tls:b.example.com:1,author",
                            "b.example.com"));

    /// What becomes of it.
    private enum Verdict {
        /// It is not let in.
        REFUSED,
        /// It is, and nothing comes of it.
        NOT_BELIEVED,
        BELIEVED
    }

    /// Whoever names another is not let in, but a host: it has seen to that. Nobody believes one of
    /// what must come from another.
    private static Verdict expected(Role role, boolean inItsOwnName) {
        if (role.equals(AUTHOR) || (role.equals(HOST) && !inItsOwnName)) {
            return Verdict.BELIEVED;
        }
        return inItsOwnName ? Verdict.NOT_BELIEVED : Verdict.REFUSED;
    }

    /// What is said at one port.
    ///
    /// @param news of [#author], about what [#scene] has sent him
    /// @param effect fails if that was not believed though it was to be, or the other way round
    private record Word<T>(
            long port,
            MessageType<T> type,
            Function<ControlPortsTest, T> news,
            BiConsumer<ControlPortsTest, Boolean> effect) {
        byte[] frame(ControlPortsTest test, ActorId to, ActorId from) {
            T said = news.apply(test);
            return Net.pinnedTo(
                    test.scene.client.senderIncarnation(),
                    Net.frame(
                            1,
                            9,
                            Envelope.RETURN | Envelope.PINNED,
                            port,
                            type.hash(),
                            to.toString(),
                            from.toString(),
                            out -> type.write(out, said)));
        }

        @Override
        public String toString() {
            return type.name();
        }
    }

    private static final List<Word<?>> WORDS =
            List.of(
                    new Word<>(
                            Returned.PORT,
                            Returned.TYPE,
                            test -> returned(test.request),
                            ControlPortsTest::failsTheRequest),
                    new Word<>(
                            Returned.PORT,
                            Returned.TYPE,
                            test -> returned(test.note),
                            ControlPortsTest::isTold),
                    new Word<>(
                            RequestFailed.PORT,
                            RequestFailed.TYPE,
                            test -> new RequestFailed(test.request.replyPort(), "said"),
                            ControlPortsTest::failsTheRequest),
                    new Word<>(
                            Hold.PORT,
                            Hold.TYPE,
                            test -> new Hold(test.author, false, true),
                            (test, is) -> assertThat(test.scene.proc.holdsBack()).isEqualTo(is)),
                    new Word<>(
                            ProcDied.PORT,
                            ProcDied.TYPE,
                            test -> new ProcDied(test.author.proc(), List.of()),
                            ControlPortsTest::failsTheRequest),
                    new Word<>(
                            InDoubt.PORT,
                            InDoubt.TYPE,
                            test ->
                                    new InDoubt(
                                            test.author,
                                            Protocols.of(Work.class).handlerIndex(),
                                            1,
                                            2),
                            ControlPortsTest::isTold),
                    new Word<>(
                            HandledReports.PORT,
                            Handled.TYPE,
                            test -> new Handled(List.of(test.mark())),
                            (_, _) -> {})); // what comes of it, TalliesTest has

    private final DialRouter router = new DialRouter(Channels.shared());
    private ActorId author;
    private Scene scene;
    private Envelope request;
    private Envelope note;
    private CompletableFuture<Long> answer;

    /// Somebody at that host has sent a note to the author, and asked him what he has not answered.
    private void begin(Role role) {
        author = role.here("author").actor("author", 0);
        router.bind(author.proc(), ChannelAddress.parse("local:4711"), Secret.NONE);
        MailboxSender everywhere =
                new Net.Nowhere() {
                    @Override
                    public boolean offer(Envelope envelope) {
                        if (envelope.isTell()) {
                            note = envelope;
                        } else {
                            request = envelope;
                        }
                        return true;
                    }
                };
        scene = new Scene(Proc.configured(role.here("asker"), everywhere));
        ActorRef<Work> to = ActorRef.attest(author, Work.class);
        scene.client.send(to, new Work.Item(1));
        answer =
                scene.client.request(
                        to, replyTo -> new Work.Question(1, replyTo), Duration.ofHours(1));
    }

    @AfterEach
    void end() {
        if (scene != null) {
            scene.close();
        }
        router.close();
    }

    private static Returned returned(Envelope sent) {
        return new Returned(
                Undeliverable.Outcome.UNKNOWN,
                List.of(new DeliveryFailure(DeliveryFailure.Reason.ACTOR_FAILED, "so it is said")),
                sent.toBytes());
    }

    private Handled.Mark mark() {
        return new Handled.Mark(scene.client.id(), scene.client.senderIncarnation(), author, 1000);
    }

    private void failsTheRequest(boolean does) {
        if (does) {
            Waiting.until(() -> answer.isDone());
        } else {
            assertThat(answer).isNotDone();
        }
    }

    private void isTold(boolean is) {
        if (is) {
            Waiting.until(() -> scene.returnedCount() == 1);
        } else {
            assertThat(scene.returnedCount()).isZero();
        }
    }

    private Verdict say(Role role, Word<?> word, ActorId from) {
        long before = Counters.forbidden();
        boolean forHosts = word.port() == HandledReports.PORT; // which take it on its way
        byte[] frame = word.frame(this, scene.client.id(), from);
        WireEnvelope envelope =
                WireEnvelope.parse(frame, 0, frame.length, Home.of(new Net.Nowhere()));
        try {
            new SenderGate().check(role, envelope, role.localAddress());
        } catch (FrameRefused e) {
            assertThat(Counters.forbidden()).isEqualTo(before + 1);
            return Verdict.REFUSED;
        }
        boolean taken = forHosts ? router.hears(envelope, LIFE) : scene.proc.offer(envelope);
        assertThat(taken).isTrue();
        long counted = Counters.forbidden() - before;
        assertThat(counted).isBetween(0L, 1L);
        return counted == 0 ? Verdict.BELIEVED : Verdict.NOT_BELIEVED;
    }

    static Stream<Arguments> everyPortAndRole() {
        return WORDS.stream().flatMap(word -> ROLES.stream().map(role -> Arguments.of(word, role)));
    }

    @ParameterizedTest
    @MethodSource("everyPortAndRole")
    void whoeverNamesAnotherIsNotLetInUnlessItIsTheHost(Word<?> word, Role role) {
        begin(role);
        Verdict verdict = say(role, word, author);
        assertThat(verdict).isEqualTo(expected(role, false));
        word.effect().accept(this, verdict == Verdict.BELIEVED);
    }

    @ParameterizedTest
    @MethodSource("everyPortAndRole")
    void whoeverNamesHimselfIsNotBelievedOfOthers(Word<?> word, Role role) {
        begin(role);
        Verdict verdict = say(role, word, role.equals(AUTHOR) ? author : role.self());
        assertThat(verdict).isEqualTo(expected(role, true));
        word.effect().accept(this, verdict == Verdict.BELIEVED);
    }

    /// For whoever adds one has to say who is believed there.
    @Test
    void everyControlPortThatThereIsHasItsWord() throws Exception {
        assertThat(WORDS).extracting(Word::port).hasSameElementsAs(controlPorts());
    }

    /// As the classes say it.
    private static Set<Long> controlPorts() throws Exception {
        Path classes =
                Path.of(Proc.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                        .resolve("io/hyperactor");
        Set<Long> ports = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(classes, "*.class")) {
            for (Path file : files) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (text.contains("controlIndex")) {
                    String name = file.getFileName().toString().replace(".class", "");
                    ports.addAll(numbers(Class.forName("io.hyperactor." + name)));
                }
            }
        }
        ActorId any = HOST.self();
        ports.removeIf(port -> !any.port(port).isControl());
        ports.remove(PortId.controlIndex(0)); // what they have in common
        return ports;
    }

    private static List<Long> numbers(Class<?> one) throws IllegalAccessException {
        List<Long> numbers = new ArrayList<>();
        for (Field field : one.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == long.class) {
                field.setAccessible(true);
                numbers.add(field.getLong(null));
            }
        }
        return numbers;
    }
}
