package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;

final class HelloTest {
    private static final Hello FULL =
            new Hello(Feature.ALL, 1, 2, 3, 4, new Secret(11, 12), 5, 6, new Secret(7, 8), 9, 10);

    private static Greeting greet(byte[] bytes) {
        return Greeting.of(bytes, 0, bytes.length);
    }

    @Test
    void aHelloIsReadAsItWasWritten() {
        byte[] full = FULL.encode().array();
        assertThat(full).hasSize(Hello.FULL_BYTES);
        assertThat(greet(full)).isEqualTo(new Greeting.Good(FULL, full.length));
        Hello plain = Hello.plain(1, 2, 3, 4).showing(new Secret(5, 6));
        assertThat(greet(plain.encode().array()))
                .isEqualTo(new Greeting.Good(plain, Hello.PLAIN_BYTES));
    }

    @Test
    void whatALaterVersionAddsIsSkipped() {
        byte[] longer = Arrays.copyOf(FULL.encode().array(), Hello.FULL_BYTES + 7);
        longer[5] = (byte) (longer[5] + 7);
        assertThat(greet(longer)).isEqualTo(new Greeting.Good(FULL, longer.length));
    }

    @Test
    void featuresThatAreNotKnownAreIgnored() {
        byte[] bytes = FULL.encode().array();
        bytes[6] = (byte) 0x80;
        assertThat(greet(bytes)).isEqualTo(new Greeting.Good(FULL, bytes.length));
    }

    @Test
    void aWelcomeIsReadAsItWasWritten() {
        for (Welcome welcome :
                new Welcome[] {
                    Welcome.plain(100),
                    new Welcome(Feature.ALL, 1, 2, true, 3, new Secret(4, 5), 6),
                    new Welcome(Feature.RESUME, 1, -2, false, 0, new Secret(-4, 5), 6)
                }) {
            ByteBuffer bytes = ByteBuffer.allocate(Welcome.BYTES_MAX);
            welcome.put(bytes);
            int length = bytes.position() - 5;
            assertThat(bytes.getInt(0)).isEqualTo(1 + length);
            assertThat(Welcome.decode(bytes.array(), 5, length)).isEqualTo(welcome);
            assertThat(Welcome.decode(bytes.array(), 5, length - 1)).isNull();
        }
    }
}
