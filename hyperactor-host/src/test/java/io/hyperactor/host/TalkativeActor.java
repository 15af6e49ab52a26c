package io.hyperactor.host;

import io.hyperactor.Actor;
import io.hyperactor.ActorType;
import io.hyperactor.Context;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Prints and logs what it is told to.
final class TalkativeActor implements Actor<TalkativeMessage> {
    static final ActorType<TalkativeMessage> TYPE =
            ActorType.of("talkative", TalkativeMessage.class, TalkativeActor::new);

    private static final Logger LOG = LoggerFactory.getLogger("some.Logger");

    @Override
    public void receive(Context<TalkativeMessage> cx, TalkativeMessage message) {
        switch (message) {
            case TalkativeMessage.Warn(String text) ->
                    LOG.atWarn()
                            .addKeyValue("proc", cx.id().proc().name())
                            .setCause(new IllegalStateException("why"))
                            .log(text);
            case TalkativeMessage.Inform(String text) -> LOG.info(text);
            case TalkativeMessage.Print(byte[] bytes) -> {
                System.out.write(bytes, 0, bytes.length);
                System.out.flush();
            }
            case TalkativeMessage.Flood(int count) -> flood(count);
            case TalkativeMessage.Hostile() -> hostile();
            case TalkativeMessage.Die() -> {
                LOG.error("dying of {}", "thirst");
                throw new OutOfMemoryError("on purpose");
            }
        }
    }

    private static void flood(int count) {
        String text = "x".repeat(1000);
        for (int i = 0; i < count; i++) {
            LOG.warn(text);
        }
        LOG.error("the flood is over");
    }

    private static void hostile() {
        Object value =
                new Object() {
                    @Override
                    public String toString() {
                        throw new IllegalStateException("on purpose");
                    }
                };
        LOG.atWarn()
                .addKeyValue("key\n2026-01-01T00:00:00Z\tother\t1\tout", value)
                .addKeyValue("key", (Object) null)
                .log("{} of {} \u001b[2J\r\n[host 1] all is well", value, null);
        LOG.warn("y".repeat(10_000_000));
        LOG.atWarn().log((String) null);
        LOG.warn("half {}", "\ud83d");
    }
}
