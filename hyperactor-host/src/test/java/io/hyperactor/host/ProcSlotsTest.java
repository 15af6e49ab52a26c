package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.DialRouter;
import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.Channels;
import io.hyperactor.host.SlotLife.Event;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

class ProcSlotsTest {
    private static final ProcId ID = new ProcId(ChannelAddress.parse("local:1"), "p");

    /// Throws whatever it is asked to log.
    private static Logger withoutMemory() {
        return as(
                Logger.class,
                _ -> {
                    throw new OutOfMemoryError("no memory for a line");
                });
    }

    private interface Answer {
        Object to(String method);
    }

    private static <T> T as(Class<T> type, Answer answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, _) -> answer.to(method.getName())));
    }

    @Test
    @SuppressWarnings("unchecked")
    void eachEffectHappensWhateverAnotherThrowsAndEvenIfThatCannotBeLogged() {
        List<String> told = new ArrayList<>();
        ProcEvents events = new ProcEvents(Runnable::run);
        var _ = events.observe(event -> told.add(event.change().getClass().getSimpleName()));
        AtomicInteger untilFailure = new AtomicInteger(3);
        ProcHandle<EchoMessage> handle =
                as(
                        ProcHandle.class,
                        _ -> {
                            if (untilFailure.decrementAndGet() == 0) {
                                throw new IllegalStateException("as it may");
                            }
                            return OptionalLong.empty();
                        });
        try (Channels channels = new Channels(ChannelConfig.standard())) {
            ProcSlots<EchoMessage> slots =
                    new ProcSlots<>(
                            1,
                            new DialRouter(channels),
                            events,
                            Threads.timer(),
                            _ -> {},
                            withoutMemory());
            ProcSlot<EchoMessage> slot = new ProcSlot<>(ID, Optional.empty());
            slots.reserve(slot);
            var _ = slots.started(slot, handle); // asks it twice
            var _ = slots.feed(slot, new Event.Ended(ScriptedManager.KILLED, 0, 0));
            var _ = slots.feed(slot, new Event.NotReady("why", false, 0, 0));

            assertThat(untilFailure.get()).isNegative();
            assertThat(slots.endings()).isEmpty(); // this is what failed
            assertThat(slot.gone()).isCompleted();
            assertThat(told).containsExactly("Started", "Ended", "NotReady");
        }
    }
}
