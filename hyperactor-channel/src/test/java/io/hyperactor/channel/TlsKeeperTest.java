package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

@Timeout(60)
final class TlsKeeperTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ChannelAddress ADDRESS = TlsPair.ADDRESS;

    @TempDir Path directory;
    private final AtomicLong clock = new AtomicLong();
    private final List<ChannelEvent> events = new ArrayList<>();
    private TestAuthority authority;
    private TlsIdentity identity;
    private TlsKeeper keeper;

    @BeforeEach
    void issue() throws Exception {
        authority = new TestAuthority(directory);
        identity = reissue("server.example");
        keeper = new TlsKeeper(identity, clock::get, events::add);
    }

    private TlsIdentity reissue(String... names) throws Exception {
        return authority.issueInto(directory.resolve("own"), TestAuthority.Kind.of(names));
    }

    private TlsContext later() throws IOException {
        clock.addAndGet(TlsKeeper.LOOK_EVERY);
        return keeper.current(ADDRESS);
    }

    @Test
    void filesThatAreTheSameAreNotReadIntoAnythingNew() throws Exception {
        TlsContext first = keeper.current(ADDRESS);
        assertThat(later()).isSameAs(first);
        assertThat(events).isEmpty();
    }

    @Test
    void newFilesAreUsedFromTheNextLookOn() throws Exception {
        TlsContext first = keeper.current(ADDRESS);
        reissue("server.example");
        clock.addAndGet(TlsKeeper.LOOK_EVERY - 1);
        assertThat(keeper.current(ADDRESS)).isSameAs(first);
        clock.addAndGet(1);
        TlsContext second = keeper.current(ADDRESS);
        assertThat(second).isNotSameAs(first);
        assertThat(later()).isSameAs(second);
        assertThat(events).containsExactly(new ChannelEvent.IdentityReloaded(ADDRESS));
    }

    @Test
    void whoConnectsAfterAChangeSeesTheNewCertificateAndOldConnectionsLive() throws Exception {
        TlsConnection.Engines serving = () -> keeper.current(ADDRESS).server();
        TlsConnection.Engines dialling =
                TlsPair.dialling(
                        authority.issue(TestAuthority.Kind.of("client.example")), "server.example");
        try (TlsPair old = new TlsPair();
                TlsPair young = new TlsPair()) {
            TestEnd oldServer = old.serve(serving);
            TestEnd oldClient = old.dial(dialling);
            assertThat(oldClient.established()).succeedsWithin(PATIENCE);
            assertThat(oldServer.established()).succeedsWithin(PATIENCE);

            reissue("server.example", "new.example");
            clock.addAndGet(TlsKeeper.LOOK_EVERY);

            TestEnd _ = young.serve(serving);
            assertThat(young.dial(dialling).established())
                    .succeedsWithin(PATIENCE)
                    .satisfies(names -> assertThat(names).contains("new.example"));
            oldServer.send(new byte[] {1});
            oldServer.finish();
            assertThat(oldClient.ended()).succeedsWithin(PATIENCE).isEqualTo(new byte[] {1});
        }
    }

    @Test
    void whileNewFilesAreBrokenTheOldOnesStayInUseAndThatIsToldOnce() throws Exception {
        TlsContext first = keeper.current(ADDRESS);
        Files.writeString(identity.certificates(), "half a certifi");
        assertThat(later()).isSameAs(first);
        assertThat(later()).isSameAs(first);
        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        ChannelEvent.IdentityNotReloaded.class,
                        event ->
                                assertThat(event.cause())
                                        .hasMessageContaining(identity.certificates().toString()));

        Files.delete(identity.authorities());
        assertThat(later()).isSameAs(first);
        assertThat(events).hasSize(2);

        authority = new TestAuthority(directory);
        Files.copy(authority.file(), identity.authorities(), StandardCopyOption.REPLACE_EXISTING);
        reissue("server.example");
        assertThat(later()).isNotSameAs(first);
        assertThat(events).hasSize(3).last().isEqualTo(new ChannelEvent.IdentityReloaded(ADDRESS));
    }

    @Test
    void aNewCertificateIsNotUsedBeforeItsKeyIsThere() throws Exception {
        TlsContext first = keeper.current(ADDRESS);
        byte[] oldKey = Files.readAllBytes(identity.key());
        reissue("server.example");
        byte[] newKey = Files.readAllBytes(identity.key());
        Files.write(identity.key(), oldKey);
        assertThat(later()).isSameAs(first);
        assertThat(events)
                .singleElement()
                .isInstanceOf(ChannelEvent.IdentityNotReloaded.class)
                .asString()
                .contains("is not that of the certificate");
        Files.write(identity.key(), newKey);
        assertThat(later()).isNotSameAs(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw-rw-rw-"})
    void aKeyThatIsOpenToOthersIsRefused(String mode) throws Exception {
        Files.setPosixFilePermissions(identity.key(), PosixFilePermissions.fromString(mode));
        assertThatThrownBy(() -> keeper.require(ADDRESS))
                .isInstanceOf(ChannelException.IdentityUnusable.class)
                .hasMessageContaining(identity.key().toString())
                .hasMessageContaining("open to others")
                .hasMessageContaining(ADDRESS.toString());
    }

    @Test
    void aKeyOfAnotherUserIsRefused() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(
                OwnUser.NAME.equals("root"), "only root can give a file away");
        Files.setOwner(
                identity.key(),
                directory
                        .getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName("nobody"));
        assertThatThrownBy(() -> keeper.require(ADDRESS))
                .isInstanceOf(ChannelException.IdentityUnusable.class)
                .hasMessageContaining("belongs to nobody");
    }

    @Test
    void aMissingFileIsNamed() throws Exception {
        Files.delete(identity.certificates());
        assertThatThrownBy(() -> keeper.require(ADDRESS))
                .isInstanceOf(ChannelException.IdentityUnusable.class)
                .hasMessageContaining(identity.certificates().toString())
                .hasMessageContaining("NoSuchFile");
    }

    @Test
    void aFileWithoutEndIsNotReadWhole() {
        TlsIdentity endless =
                new TlsIdentity(Path.of("/dev/zero"), identity.key(), identity.authorities());
        assertThatThrownBy(() -> TlsPair.keeper(endless).require(ADDRESS))
                .isInstanceOf(ChannelException.IdentityUnusable.class);
    }

    @Test
    void aKeyOfAnotherKindSaysWhatToDo() throws Exception {
        for (String kind : List.of("EC PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY")) {
            String text = Files.readString(identity.key()).replace("PRIVATE KEY", kind);
            Files.writeString(identity.key(), text);
            assertThatThrownBy(() -> keeper.require(ADDRESS))
                    .hasMessageContaining("openssl pkcs8 -topk8");
            identity = reissue("server.example");
        }
    }

    @Test
    void nothingOfAKeyIsInAnyMessage() throws Exception {
        String secret = Files.readString(identity.key()).lines().skip(1).findFirst().orElseThrow();
        List<String> broken =
                List.of(
                        Files.readString(identity.key()).replace("\n-----END", "A\n-----END"),
                        Files.readString(identity.key()).replace(secret, secret.substring(4)),
                        "-----BEGIN PRIVATE KEY-----\n" + secret + "\n-----END PRIVATE KEY-----\n",
                        Files.readString(identity.key()).replace("PRIVATE", "SECRET"));
        for (String text : broken) {
            Files.writeString(identity.key(), text);
            assertThatThrownBy(() -> keeper.require(ADDRESS))
                    .isInstanceOf(ChannelException.IdentityUnusable.class)
                    .satisfies(thrown ->
                            assertThat(trace(thrown)).doesNotContain(secret.substring(4)));
        }
        assertThat(IdentityFiles.read(identity).toString()).isEqualTo("IdentityFiles");
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
