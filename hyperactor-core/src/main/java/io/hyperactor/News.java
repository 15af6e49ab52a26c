package io.hyperactor;

import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.WireFormatException;

import java.util.function.Consumer;

/// What the runtime of another proc says about messages, and where: on control ports.
///
/// It is read on the thread of its link, on which others wait, and which no mailbox bounds. So no
/// more of it is looked at than an honest sender of that news may have to say.
final class News {
    /// Of news that is about one message or one place: two ids, the one in the payload with its
    /// envelope's, and a text that [Texts] bounds.
    static final int SHORT_MAX_BYTES = 8 * 1024;

    private News() {}

    /// Gives `hear` what `envelope` holds. What is none, or too long, is counted as malformed.
    ///
    /// @param type whose hash the caller has compared
    /// @param maxBytes how long the envelope may have been on its way from another process
    @SuppressWarnings("unchecked")
    static <T> void read(
            Envelope envelope, MessageType<T> type, int maxBytes, Consumer<? super T> hear) {
        T news;
        try {
            int bytes = envelope.wireBytes();
            if (bytes > maxBytes) {
                throw new WireFormatException(bytes + " bytes, " + maxBytes + " at most", 0);
            }
            news = (T) envelope.message(type);
        } catch (RuntimeException e) {
            Counters.malformed("news for " + envelope.destination(), e);
            return;
        }
        hear.accept(news);
    }
}
