package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

final class ArrivingBytesTest {
    private static final long MOST = 1000;

    private final ArrivingBytes arriving = new ArrivingBytes(MOST);
    private final List<Link> gaveWay = new ArrayList<>();

    private final class Link implements ArrivingBytes.Holder {
        private long held;

        /// Takes what it is granted, and gives way itself where it is not.
        boolean wants(long bytes) {
            boolean granted = arriving.grant(this, bytes);
            holds(granted ? bytes : 0);
            return granted;
        }

        private void holds(long bytes) {
            long before = held;
            held = bytes;
            arriving.changed(this, before);
        }

        @Override
        public long held() {
            return held;
        }

        @Override
        public void giveWay() {
            gaveWay.add(this);
            holds(0);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1})
    void theBoundIsExact(long beyond) {
        Link one = new Link();
        Link two = new Link();
        assertThat(one.wants(400)).isTrue();
        assertThat(two.wants(600 + beyond)).isEqualTo(beyond <= 0);
        assertThat(arriving.sum()).isEqualTo(beyond <= 0 ? 1000 + beyond : 400);
        assertThat(gaveWay).isEmpty();
    }

    @Test
    void whoHoldsTheMostGivesWay() {
        Link small = new Link();
        Link large = new Link();
        Link middle = new Link();
        Link asking = new Link();
        small.wants(100);
        large.wants(500);
        middle.wants(400);
        assertThat(asking.wants(250)).isTrue();
        assertThat(gaveWay).containsExactly(large);
        assertThat(arriving.sum()).isEqualTo(750);
    }

    @Test
    void asManyGiveWayAsItTakesAndNobodyWhoHoldsLessThanIsAskedFor() {
        Link a = new Link();
        Link b = new Link();
        Link c = new Link();
        Link asking = new Link();
        a.wants(400);
        b.wants(500);
        c.wants(100);
        assertThat(asking.wants(399)).isTrue();
        assertThat(gaveWay).containsExactly(b);
        gaveWay.clear();
        assertThat(asking.wants(700)).as("the others hold less").isFalse();
        assertThat(gaveWay).isEmpty();
        assertThat(asking.held()).isZero();
        assertThat(a.held() + c.held()).isEqualTo(500);
    }

    @Test
    void ofEqualsWhoAsksGivesWayAndOfOthersWhoCameFirst() {
        Link first = new Link();
        Link second = new Link();
        Link asking = new Link();
        first.wants(500);
        second.wants(500);
        assertThat(asking.wants(500)).isFalse();
        assertThat(asking.wants(499)).isTrue();
        assertThat(gaveWay).containsExactly(first);
    }

    @Test
    void oneAloneMayHoldAnyNumber() {
        Link alone = new Link();
        assertThat(alone.wants(10 * MOST)).isTrue();
        assertThat(new Link().wants(1)).isTrue();
        assertThat(gaveWay).containsExactly(alone);
        assertThat(alone.wants(10 * MOST)).as("now there is another").isFalse();
    }

    @RepeatedTest(10)
    void whateverHappensTheBoundHoldsAndWhoHoldsLeastIsServed() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            links.add(new Link());
        }
        for (int step = 0; step < 5000; step++) {
            Link link = links.get(random.nextInt(links.size()));
            if (random.nextInt(3) == 0) {
                link.holds(0); // the frame is there
                continue;
            }
            long bytes = link.held() + 1 + random.nextInt(300);
            long most = links.stream().filter(l -> l != link).mapToLong(Link::held).max().orElse(0);
            boolean granted = link.wants(bytes);
            if (bytes < most) {
                assertThat(granted).as("seed %d, step %d", seed, step).isTrue();
            }
            long sum = links.stream().mapToLong(Link::held).sum();
            long holders = links.stream().filter(l -> l.held() > 0).count();
            assertThat(arriving.sum()).as("seed %d, step %d", seed, step).isEqualTo(sum);
            assertThat(sum <= MOST || holders == 1).as("seed %d, step %d", seed, step).isTrue();
        }
        assertThat(gaveWay).isNotEmpty();
    }
}
