package io.hyperactor.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;

class HostsTest {

    @ParameterizedTest
    @CsvSource({
        "::,                          ::",
        "::1,                         ::1",
        "1::,                         1::",
        "0:0:0:0:0:0:0:0,             ::",
        "[::1],                       ::1",
        "2001:DB8::00A1,              2001:db8::a1",
        "2001:db8:0:0:1:0:0:1,        2001:db8::1:0:0:1",
        "2001:0:0:1:0:0:0:1,          2001:0:0:1::1",
        "1:0:2:3:4:5:6:7,             1:0:2:3:4:5:6:7",
        "1::3:4:5:6:7:8,              1:0:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:0,             1:2:3:4:5:6:7:0",
        "1:2:3:4:5:6::,               1:2:3:4:5:6::",
        "::ffff:1.2.3.4,              ::ffff:1.2.3.4",
        "::ffff:102:304,              ::ffff:1.2.3.4",
        "64:ff9b::192.0.2.33,         64:ff9b::c000:221",
        "1:2:3:4:5:6:1.2.3.4,         1:2:3:4:5:6:102:304",
        "fe80::1%eth0.1,              fe80::1%eth0.1",
        "127.0.0.1,                   127.0.0.1",
        "0.0.0.0,                     0.0.0.0",
        "localhost,                   localhost",
        "Node_1.Example.COM,          Node_1.Example.COM",
        "1.2.3.4.example,             1.2.3.4.example",
        "1.1.1.1e,                    1.1.1.1e",
        "xn--bcher-kva.example.,      xn--bcher-kva.example."
    })
    void numericAddressesAreNormalisedAndNamesUntouched(String host, String normal) {
        assertThat(Hosts.normalize(host)).isEqualTo(normal);
        assertThat(Hosts.normalize(normal)).isEqualTo(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                ".a",
                "a..b",
                "-a",
                "a.-b",
                "a b",
                "a,b",
                "ä",
                "a/b",
                "a@b",
                "[a]",
                "[",
                "[]",
                "[::1",
                "::1]",
                ":",
                ":::",
                "1:",
                ":1",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7::8",
                "::12345",
                "::g",
                "::1.2.3",
                "::1.2.3.4.5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "::1%",
                "::1%a b",
                "::%%",
                "::٣",
                "1",
                "1.2",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.1.1.256",
                "01.1.1.1",
                "1..1.1",
                "a.1",
                "0x7f.1",
                "1.1.1.",
                "1.2.3.4.",
                "::01.1.1.1"
            })
    void whatIsNeitherAddressNorNameIsRefused(String host) {
        assertThat(Hosts.normalize(host)).isNull();
    }

    @Test
    void aNameIsNoLongerThanDnsAllows() {
        assertThat(Hosts.normalize("a".repeat(253))).isNotNull();
        assertThat(Hosts.normalize("a".repeat(254))).isNull();
    }

    @Test
    void aZoneHasAtMost63Characters() {
        assertThat(Hosts.normalize("fe80::1%" + "z".repeat(63))).isNotNull();
        assertThat(Hosts.normalize("fe80::1%" + "z".repeat(64))).isNull();
    }

    @Test
    void ipv6AgreesWithTheJdkOnWhatAnAddressIsAndWhichOne() {
        Seeded.run(20_000, HostsTest::checkAgainstJdk);
    }

    private static void checkAgainstJdk(Random random) {
        var text = almostIpv6(random);
        var normal = Ipv6.normalize(text);
        var expected = ofJdk(text);

        assertThat(normal == null).as(text).isEqualTo(expected == null);
        if (normal != null) {
            assertThat(ofJdk(normal)).as(text).isEqualTo(expected);
            assertThat(normal).as(text).hasSizeLessThanOrEqualTo(39).isLowerCase();
        }
    }

    private static String almostIpv6(Random random) {
        var text = new StringBuilder();
        int groups = 1 + random.nextInt(9);
        for (int i = 0; i < groups; i++) {
            text.append(random.nextInt(8) == 0 ? "::" : i == 0 ? "" : ":");
            int bits = new int[] {0, 0, 4, 16, 17}[random.nextInt(5)];
            text.append(Integer.toHexString(random.nextInt(1 << bits)));
        }
        if (random.nextInt(6) == 0) {
            text.append(":10.0.").append(random.nextInt(300)).append(".1");
        } else if (random.nextInt(8) == 0) {
            text.append("::");
        }
        return text.toString();
    }

    private static List<Byte> ofJdk(String text) {
        try {
            // Brackets say that IPv6 is meant, else `1` would be an IPv4 address.
            var bytes = InetAddress.ofLiteral("[" + text + "]").getAddress();
            var list = new java.util.ArrayList<Byte>();
            for (byte b : bytes) {
                list.add(b);
            }
            return list;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Test
    void theOwnAddressForOthersIsNeitherLoopbackNorLinkLocal() throws UnknownHostException {
        var loopback4 = InetAddress.ofLiteral("127.0.0.1");
        var loopback6 = InetAddress.ofLiteral("::1");
        var link4 = InetAddress.ofLiteral("169.254.1.1");
        var link6 =
                Inet6Address.getByAddress(null, InetAddress.ofLiteral("fe80::1").getAddress(), 1);
        var wildcard = InetAddress.ofLiteral("0.0.0.0");
        var good4 = InetAddress.ofLiteral("10.0.0.1");
        var good6 = InetAddress.ofLiteral("2001:db8::1");

        assertThat(OwnHost.routable(List.of(loopback4, link4, loopback6, link6, good4, good6)))
                .contains(good4);
        assertThat(OwnHost.routable(List.of(link6, wildcard, good6, good4))).contains(good6);
        assertThat(OwnHost.routable(List.of(loopback4, loopback6, link4, link6, wildcard)))
                .isEmpty();
        assertThat(OwnHost.routable(List.of())).isEmpty();
    }

    @Test
    void theOwnNameIsAHost() {
        assertThat(Hosts.normalize(OwnHost.name())).isEqualTo(OwnHost.name());
    }
}
