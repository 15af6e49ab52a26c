package io.hyperactor.wire;

import java.util.Random;
import java.util.function.Consumer;

/// Repeats a check with random input. `-Dseed=…` repeats the run that printed it.
final class Seeded {

    private Seeded() {}

    static void run(int times, Consumer<Random> check) {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < times; i++) {
            try {
                check.accept(random);
            } catch (Throwable e) {
                throw new AssertionError("round " + i + " with -Dseed=" + seed, e);
            }
        }
    }

    static String name(Random random) {
        var letters = "abcXYZ019_.-";
        var name = new StringBuilder("_");
        int length = random.nextInt(random.nextInt(10) == 0 ? 63 : 8);
        for (int i = 0; i < length; i++) {
            name.append(letters.charAt(random.nextInt(letters.length())));
        }
        return name.toString();
    }

    /// Text of all planes, mostly ASCII, without halves of surrogate pairs.
    static String text(Random random) {
        var text = new StringBuilder();
        int length = random.nextInt(40);
        int highest = new int[] {0x7F, 0xFF, 0x7FF, 0xFFFF, 0x10FFFF}[random.nextInt(5)];
        while (text.length() < length) {
            int point = random.nextBoolean() ? random.nextInt(0x80) : random.nextInt(highest + 1);
            if (point < 0xD800 || point > 0xDFFF) {
                text.appendCodePoint(point);
            }
        }
        return text.toString();
    }

    static ChannelAddress.Network network(Random random, Transport transport) {
        var hosts =
                new String[] {
                    "127.0.0.1",
                    "::1",
                    "::",
                    "2001:db8::1:0:0:" + Integer.toHexString(random.nextInt(0x10000)),
                    "fe80::1%eth0",
                    "node-" + random.nextInt(100) + ".example.com",
                    "localhost"
                };
        return new ChannelAddress.Network(
                transport, hosts[random.nextInt(hosts.length)], random.nextInt(65_536));
    }

    /// An address that equals its copies.
    static ChannelAddress address(Random random) {
        var transports = Transport.values();
        var transport = transports[random.nextInt(transports.length)];
        return switch (transport) {
            case LOCAL -> new ChannelAddress.Local(random.nextLong());
            case UNIX ->
                    new ChannelAddress.Unix((random.nextBoolean() ? "/run/" : "@") + name(random));
            case TCP ->
                    random.nextInt(3) > 0
                            ? network(random, transport)
                            : new ChannelAddress.Alias(
                                    network(random, transport), network(random, transport));
            default -> network(random, transport);
        };
    }

    static PortId port(Random random) {
        return new ProcId(address(random), name(random))
                .actor(name(random), random.nextInt(Integer.MAX_VALUE))
                .port(random.nextLong());
    }
}
