package io.hyperactor.channel;

import io.hyperactor.wire.WireWriter;

/// A body that is offered again and again, and knows how long it was when it was written last.
///
/// **Threads:** one at a time.
final class MeasuredBody implements FrameBody {
    private final FrameBody body;
    private int length;

    MeasuredBody(FrameBody body) {
        this.body = body;
        this.length = body.lengthAtLeast();
    }

    @Override
    public void writeTo(WireWriter out) {
        int start = out.position();
        body.writeTo(out);
        length = out.position() - start;
    }

    @Override
    public int lengthAtLeast() {
        return length;
    }
}
