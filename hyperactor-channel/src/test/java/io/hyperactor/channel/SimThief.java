package io.hyperactor.channel;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Says a hello that is not his own, and hears whether he was believed.
final class SimThief implements SimNetwork.Dialler {
    private final ByteBuffer hello;
    private final ByteBuffer heard = ByteBuffer.allocate(Welcome.BYTES_MAX);
    private final Runnable believed;

    SimThief(Hello forged, Runnable believed) {
        this.hello = forged.encode();
        this.believed = believed;
    }

    @Override
    public void connected(SimConnection.End end) {
        end.watch(() -> goOn(end));
        goOn(end);
    }

    @Override
    public void refused() {}

    private void goOn(SimConnection.End end) {
        try {
            int _ = hello.hasRemaining() ? end.write(hello) : 0;
            boolean wasWelcome = isWelcome();
            int bytes = end.read(heard);
            if (isWelcome() && !wasWelcome) {
                believed.run();
            }
            if (bytes < 0) {
                end.close();
            }
        } catch (IOException e) {
            end.close();
        }
    }

    private boolean isWelcome() {
        if (heard.hasRemaining() || heard.get(Protocol.LENGTH_BYTES) != Protocol.ACCEPT) {
            return false;
        }
        int body = Protocol.LENGTH_BYTES + 1;
        Welcome welcome = Welcome.decode(heard.array(), body, heard.capacity() - body);
        return welcome != null && welcome.resumed();
    }
}
