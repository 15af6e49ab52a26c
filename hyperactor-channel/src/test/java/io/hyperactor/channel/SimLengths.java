package io.hyperactor.channel;

/// Finds where frames begin in one direction of a [SimConnection], and has one of them say a wrong
/// length.
final class SimLengths {
    private static final int BITS = 20; // the longest are refused at once

    private final SimWorld world;
    private final byte[] hello;
    private double garbled;
    private long at;
    private long next; // frame
    private int length;
    private int wrong;

    private SimLengths(SimWorld world, double garbled, byte[] hello) {
        this.world = world;
        this.garbled = garbled;
        this.hello = hello;
        this.next = hello.length;
    }

    static SimLengths behindHello(SimWorld world, double garbled) {
        return new SimLengths(world, garbled, new byte[Hello.FULL_BYTES]);
    }

    static SimLengths ofAnswers(SimWorld world, double garbled) {
        return new SimLengths(world, garbled, new byte[0]);
    }

    /// What becomes of the next byte.
    byte pass(byte passing) {
        if (at < hello.length) {
            hello[(int) at++] = passing;
            return passing;
        }
        int digit = (int) Math.min(at++ - next, Protocol.LENGTH_BYTES);
        if (digit == Protocol.LENGTH_BYTES || digit < 0) {
            return passing;
        }
        if (digit == 0) {
            length = 0;
            wrong = garbled > 0 && world.chance(garbled) ? 1 << world.random.nextInt(BITS) : 0;
            garbled = wrong == 0 ? garbled : 0;
        }
        length = length << 8 | (passing & 0xff);
        if (digit == Protocol.LENGTH_BYTES - 1) {
            next = at + length;
        }
        int places = Protocol.LENGTH_BYTES - 1 - digit;
        return (byte) (passing ^ (wrong >>> (8 * places)));
    }

    /// The whole hello, or nothing if it has not passed.
    byte[] hello() {
        return at < hello.length ? new byte[0] : hello;
    }
}
