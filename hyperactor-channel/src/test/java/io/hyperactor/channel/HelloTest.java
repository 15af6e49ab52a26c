package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;

final class HelloTest {
    private static final Hello FULL =
            new Hello(Feature.ALL, 1, 2, 3, 4, 5, 6, new Ticket(7, 8), 9, 10);

    private static Greeting greet(byte[] bytes) {
        return Greeting.of(bytes, 0, bytes.length);
    }

    @Test
    void aHelloIsReadAsItWasWritten() {
        byte[] full = FULL.encode().array();
        assertThat(full).hasSize(Hello.FULL_BYTES);
        assertThat(greet(full)).isEqualTo(new Greeting.Good(FULL, full.length));
        Hello plain = Hello.plain(1, 2, 3, 4);
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
                    new Welcome(Feature.ALL, 1, 2, true, 3, new Ticket(4, 5), 6),
                    new Welcome(Feature.RESUME, 1, -2, false, 0, new Ticket(-4, 5), 6)
                }) {
            ByteBuffer bytes = ByteBuffer.allocate(Welcome.BYTES_MAX);
            welcome.put(bytes);
            int length = bytes.position() - 5;
            assertThat(bytes.getInt(0)).isEqualTo(1 + length);
            assertThat(Welcome.decode(bytes.array(), 5, length)).isEqualTo(welcome);
            assertThat(Welcome.decode(bytes.array(), 5, length - 1)).isNull();
        }
    }

    @Test
    void aTicketMatchesItselfOnlyAndNoneMatchesNone() {
        Ticket ticket = new Ticket(1, 2);
        assertThat(ticket.matches(new Ticket(1, 2))).isTrue();
        assertThat(ticket.matches(new Ticket(2, 1))).isFalse();
        assertThat(ticket.matches(new Ticket(1, 3))).isFalse();
        assertThat(ticket.matches(Ticket.NONE)).isFalse();
        assertThat(Ticket.NONE.matches(Ticket.NONE)).isFalse();
        assertThat(ticket.toString()).doesNotContain("1").doesNotContain("2");
    }
}
