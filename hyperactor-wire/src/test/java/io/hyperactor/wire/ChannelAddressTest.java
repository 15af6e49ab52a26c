package io.hyperactor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperactor.wire.AddressSyntaxException.Reason;
import io.hyperactor.wire.ChannelAddress.Alias;
import io.hyperactor.wire.ChannelAddress.Local;
import io.hyperactor.wire.ChannelAddress.Network;
import io.hyperactor.wire.ChannelAddress.Unix;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

class ChannelAddressTest {

    private static Network tcp(String host, int port) {
        return new Network(Transport.TCP, host, port);
    }

    private static AddressSyntaxException refusal(String text) {
        var refusal =
                catchThrowableOfType(
                        AddressSyntaxException.class, () -> ChannelAddress.parse(text));
        assertThat(refusal).as(text).isNotNull();
        return refusal;
    }

    @ParameterizedTest
    @ValueSource(strings = {":", "!"})
    void nativeFormParsesWithBothSeparators(String separator) {
        assertThat(ChannelAddress.parse("tcp" + separator + "[::1]:1234"))
                .isEqualTo(tcp("::1", 1234));
        assertThat(ChannelAddress.parse("tcp" + separator + "127.0.0.1:8080"))
                .isEqualTo(tcp("127.0.0.1", 8080));
        assertThat(ChannelAddress.parse("local" + separator + "123")).isEqualTo(new Local(123));
        assertThat(ChannelAddress.parse("unix" + separator + "@yolo")).isEqualTo(new Unix("@yolo"));
        assertThat(ChannelAddress.parse("unix" + separator + "/run/a b.sock"))
                .isEqualTo(new Unix("/run/a b.sock"));
        assertThat(ChannelAddress.parse("quic" + separator + "node-1:7"))
                .isEqualTo(new Network(Transport.QUIC, "node-1", 7));
    }

    @Test
    void theFirstSeparatorCountsSoThatPathsMayContainTheOther() {
        assertThat(ChannelAddress.parse("unix:/run/a!b")).isEqualTo(new Unix("/run/a!b"));
        assertThat(ChannelAddress.parse("unix!/run/a:b")).isEqualTo(new Unix("/run/a:b"));
    }

    @ParameterizedTest
    @CsvSource({
        "tcp:abcdef..123124, SOCKET_ADDRESS, invalid socket address",
        "xxx:foo,            UNKNOWN_TRANSPORT, no such channel type: xxx",
        "127.0.0.1,          NO_TRANSPORT, no channel type specified",
        "local:abc,          NUMBER, invalid number"
    })
    void theFourErrorClassesHaveFixedTexts(String text, Reason reason, String headline) {
        for (var variant : new String[] {text, text.replace(':', '!')}) {
            assertThat(refusal(variant)).hasMessageStartingWith(headline + ": expected ");
            assertThat(refusal(variant).reason()).isEqualTo(reason);
            assertThat(refusal(variant).text()).isEqualTo(variant);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://127.0.0.1:5555,   tcp:127.0.0.1:5555",
        "tcp://[::1]:5555,       tcp:[::1]:5555",
        "tcp://*:5555,           tcp:[::]:5555",
        "tcp://localhost:80,     tcp:localhost:80",
        "inproc://12345,         local:12345",
        "ipc:///tmp/a.sock,      unix:/tmp/a.sock",
        "ipc://a.sock,           unix:a.sock",
        "tls://example.com:443,  tls:example.com:443",
        "metatls://*:443,        metatls:[::]:443",
        "quic://[2001:DB8::0:1]:1, quic:[2001:db8::1]:1",
        "metaquic://10.0.0.1:1,  metaquic:10.0.0.1:1"
    })
    void urlFormParsesAndIsShownInTheNativeOne(String url, String canonical) {
        assertThat(ChannelAddress.parse(url)).hasToString(canonical);
        assertThat(ChannelAddress.parse(canonical)).isEqualTo(ChannelAddress.parse(url));
    }

    @ParameterizedTest
    @CsvSource({
        "''                    , EMPTY             , 0",
        "tcp                   , NO_TRANSPORT      , 0",
        "TCP:127.0.0.1:1       , UNKNOWN_TRANSPORT , 0",
        "inproc:1              , UNKNOWN_TRANSPORT , 0",
        "ipc:/a                , UNKNOWN_TRANSPORT , 0",
        "inproc://x1           , NUMBER            , 9",
        "local:                , NUMBER            , 6",
        "local:-1              , NUMBER            , 6",
        "local:12x4            , NUMBER            , 8",
        "local:18446744073709551616, NUMBER        , 6",
        "tcp:127.0.0.1         , SOCKET_ADDRESS    , 13",
        "tcp:127.0.0.1:        , SOCKET_ADDRESS    , 14",
        "tcp:127.0.0.1:65536   , SOCKET_ADDRESS    , 14",
        "tcp:127.0.0.1:+80     , SOCKET_ADDRESS    , 14",
        "tcp:127.0.0.1:fd3     , SOCKET_ADDRESS    , 14",
        "tcp:127.0.0.1:4294967376, SOCKET_ADDRESS  , 14",
        "tcp:256.0.0.1:80      , SOCKET_ADDRESS    , 4",
        "tcp:127.1:80          , SOCKET_ADDRESS    , 4",
        "tcp:::1:80            , SOCKET_ADDRESS    , 4",
        "tcp:[::1:80           , SOCKET_ADDRESS    , 4",
        "tcp:[1::2::3]:80      , SOCKET_ADDRESS    , 4",
        "tcp:[127.0.0.1]:80    , SOCKET_ADDRESS    , 4",
        "tcp:a_host/x:80       , SOCKET_ADDRESS    , 4",
        "tcp:*:80              , SOCKET_ADDRESS    , 4",
        "tcp::80               , SOCKET_ADDRESS    , 4",
        "tcp://:80             , SOCKET_ADDRESS    , 6",
        "tcp!//127.0.0.1:80    , SOCKET_ADDRESS    , 4"
    })
    void errorsSayWhereTheyAre(String text, Reason reason, int position) {
        assertThat(refusal(text).reason()).as(text).isEqualTo(reason);
        assertThat(refusal(text).position()).as(text).isEqualTo(position);
    }

    @Test
    void anErrorSaysWhatWasExpectedAndFoundInOneLine() {
        var refusal = refusal("tcp:127.0.0.1:http\n");

        assertThat(refusal.expected()).isEqualTo("a port from 0 to 65535");
        assertThat(refusal.found()).isEqualTo("'http\\u000a'");
        assertThat(refusal)
                .hasMessage(
                        "invalid socket address: expected a port from 0 to 65535, found"
                                + " 'http\\u000a' at 14 in 'tcp:127.0.0.1:http\\u000a'");
    }

    @Test
    void anErrorOfALongTextHasAShortMessage() {
        assertThat(refusal("x".repeat(1_000_000)).getMessage()).hasSizeLessThan(1000);
    }

    @Test
    void aliasParsesInBothFormsAndRoundTrips() {
        var alias = new Alias(tcp("public.example.com", 9000), tcp("::", 9001));

        assertThat(ChannelAddress.parse("tcp://public.example.com:9000@tcp://*:9001"))
                .isEqualTo(alias);
        assertThat(alias).hasToString("tcp:public.example.com:9000@tcp:[::]:9001");
        assertThat(ChannelAddress.parse(alias.toString())).isEqualTo(alias);
        assertThat(alias.dialAddress()).isEqualTo(tcp("public.example.com", 9000));
        assertThat(alias.bindAddress()).isEqualTo(tcp("::", 9001));
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://127.0.0.1:1@tls://127.0.0.1:2, 18",
        "tcp://127.0.0.1:1@127.0.0.1:2,       18",
        "tcp://127.0.0.1:1@,                  18",
        "tcp://127.0.0.1@tcp://127.0.0.1:2,   15",
        "tcp://127.0.0.1:1@tcp://127.0.0.1,   33",
        "tcp://127.0.0.1:x@tcp://127.0.0.1:2, 16",
        "tcp://a:1@tcp://b:2@tcp://c:3,       16",
        "tls://127.0.0.1:1@tcp://127.0.0.1:2, 6"
    })
    void badHalvesOfAnAliasAreErrors(String text, int position) {
        assertThat(refusal(text).reason()).isEqualTo(Reason.SOCKET_ADDRESS);
        assertThat(refusal(text).position()).isEqualTo(position);
    }

    @Test
    void anAliasIsOfTcpOnBothSides() {
        var tls = new Network(Transport.TLS, "a", 1);

        assertThatIllegalArgumentException().isThrownBy(() -> new Alias(tcp("a", 1), tls));
        assertThatIllegalArgumentException().isThrownBy(() -> new Alias(tls, tcp("a", 1)));
    }

    @ParameterizedTest
    @CsvSource({
        "tls:host.example.com:443,  host.example.com, 443",
        "tls:[::1]:443,             ::1,              443",
        "tls:::1:443,               ::1,              443",
        "metatls:2001:db8:0:0:0:0:0:1:443, 2001:db8::1, 443",
        "metatls:1.2.3.4:443,       1.2.3.4,          443"
    })
    void securedAddressesSplitAtTheLastColon(String text, String host, int port) {
        var address = (Network) ChannelAddress.parse(text);

        assertThat(address.host()).isEqualTo(host);
        assertThat(address.port()).isEqualTo(port);
    }

    @Test
    void aUnixPathMustFitTheKernelsLimitInBytes() {
        assertThat(new Unix("/" + "x".repeat(106)).path()).hasSize(107);
        assertThat(new Unix("/" + "é".repeat(53)).path()).hasSize(54);
        assertThat(refusal("unix:/" + "x".repeat(107)))
                .hasMessageContaining("expected at most 107 bytes, found 108 bytes at 113");
        assertThat(refusal("unix:/" + "é".repeat(54)).reason()).isEqualTo(Reason.UNIX_PATH);
    }

    @Test
    void aUnixPathCannotBlurTheTextAroundIt() {
        assertThatExceptionOfType(AddressSyntaxException.class)
                .isThrownBy(() -> new Unix("/run/a,b"))
                .withMessageContaining("at 11 in 'unix:/run/a,b'");
        assertThat(refusal("ipc:///a,b").position()).isEqualTo(8);
        assertThat(refusal("unix:/a\0b").reason()).isEqualTo(Reason.UNIX_PATH);
        assertThat(refusal("unix:/a\nb").reason()).isEqualTo(Reason.UNIX_PATH);
        assertThat(refusal("unix:/a\ud800b").reason()).isEqualTo(Reason.UNIX_PATH);
    }

    @Test
    void anUnnamedUnixAddressIsEqualToItselfOnly() {
        var unnamed = ChannelAddress.parse("unix:");

        assertThat(((Unix) unnamed).isUnnamed()).isTrue();
        assertThat(Set.of(unnamed)).contains(unnamed);
        assertThat(unnamed).isNotEqualTo(ChannelAddress.parse("unix:"));
        assertThat(new Unix("/a")).isEqualTo(new Unix("/a")).hasSameHashCodeAs(new Unix("/a"));
    }

    @Test
    void anAbstractNameIsAnAddressOfItsOwn() {
        assertThat(((Unix) ChannelAddress.parse("unix:@name")).isAbstract()).isTrue();
        assertThat(new Unix("/@name").isAbstract()).isFalse();
    }

    @Test
    void aNetworkAddressIsCheckedAlsoWhenItIsMadeFromParts() {
        assertThatExceptionOfType(AddressSyntaxException.class)
                .isThrownBy(() -> tcp("a b", 1))
                .withMessageContaining("in 'tcp:a b:1'");
        assertThatExceptionOfType(AddressSyntaxException.class)
                .isThrownBy(() -> tcp("a", 65_536))
                .withMessageContaining("found 65536");
        assertThatExceptionOfType(AddressSyntaxException.class).isThrownBy(() -> tcp("a", -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Network(Transport.UNIX, "a", 1));
        assertThat(tcp("[0:0::1]", 1)).isEqualTo(tcp("::1", 1));
    }

    @Test
    void onlyLocalAndUnixStayOnTheMachine() {
        assertThat(new Local(1).isRemote()).isFalse();
        assertThat(new Unix("/a").isRemote()).isFalse();
        assertThat(tcp("127.0.0.1", 1).isRemote()).isTrue();
    }

    @Test
    void anyLeavesTheRestToTheServer() {
        assertThat(ChannelAddress.any(Transport.LOCAL)).isEqualTo(new Local(0));
        assertThat(ChannelAddress.any(Transport.UNIX)).hasToString("unix:");
        assertThat(ChannelAddress.any(Transport.TCP)).hasToString("tcp:[::1]:0");
        for (var transport : Transport.values()) {
            assertThat(ChannelAddress.any(transport).transport()).isEqualTo(transport);
        }
    }

    @Test
    void aBindSpecIsATransportOrAnAddress() {
        assertThat(ChannelAddress.parseBind("tcp")).hasToString("tcp:[::1]:0");
        assertThat(ChannelAddress.parseBind("tcp(Localhost)")).hasToString("tcp:[::1]:0");
        assertThat(ChannelAddress.parseBind("local")).isEqualTo(new Local(0));
        assertThat(ChannelAddress.parseBind("unix")).hasToString("unix:");
        assertThat(ChannelAddress.parseBind("metaquic").transport()).isEqualTo(Transport.METAQUIC);
        assertThat(ChannelAddress.parseBind("tcp://*:1")).hasToString("tcp:[::]:1");
        assertThat(ChannelAddress.parseBind("unix!/a")).isEqualTo(new Unix("/a"));
        assertThat(ChannelAddress.parseBind("tcp://a:1@tcp://b:2")).isInstanceOf(Alias.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tcp(localhost)", "tcp()", "garbage", "tcp,unix"})
    void garbageIsNoBindSpec(String text) {
        assertThatExceptionOfType(AddressSyntaxException.class)
                .isThrownBy(() -> ChannelAddress.parseBind(text));
    }

    @Test
    void theTextOfAnyAddressParsesBackToIt() {
        Seeded.run(
                20_000,
                random -> {
                    var address = Seeded.address(random);
                    var text = address.toString();

                    assertThat(ChannelAddress.parse(text)).isEqualTo(address).hasToString(text);
                    assertThat(ChannelAddress.parse(text)).hasSameHashCodeAs(address);
                });
    }

    @Test
    void theOrderIsTotalAndAgreesWithEquality() {
        Seeded.run(
                200,
                random -> {
                    var addresses = new ArrayList<ChannelAddress>();
                    for (int i = 0; i < 60; i++) {
                        addresses.add(Seeded.address(random));
                    }
                    addresses.add(new Alias(tcp("a", 1), tcp("b", 1)));
                    addresses.add(new Alias(tcp("a", 1), tcp("b", 2)));
                    addresses.add(tcp("a", 1));
                    var ordered = new ArrayList<>(new TreeSet<>(addresses));
                    Collections.shuffle(addresses, random);

                    assertThat(new ArrayList<>(new TreeSet<>(addresses))).isEqualTo(ordered);
                    assertThat(ordered).hasSameElementsAs(addresses);
                    for (var a : ordered) {
                        for (var b : ordered) {
                            assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
                            assertThat(Integer.signum(a.compareTo(b)))
                                    .isEqualTo(-Integer.signum(b.compareTo(a)));
                        }
                    }
                });
    }

    @Test
    void localNumbersAreUnsigned() {
        assertThat(ChannelAddress.parse("local:18446744073709551615")).isEqualTo(new Local(-1));
        assertThat(new Local(-1)).hasToString("local:18446744073709551615");
        assertThat(new Local(-1)).isGreaterThan(new Local(1));
    }
}
