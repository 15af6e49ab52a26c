package io.hyperactor;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// Notes what is called; answers questions with the number of numbers so far; can be held up.
class Counting implements Actor<Work> {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<Long> numbers = new CopyOnWriteArrayList<>();

    /// `Do("hold")` waits for the second after having counted down the first.
    final CountDownLatch held = new CountDownLatch(1);

    final CountDownLatch release = new CountDownLatch(1);

    @Override
    public void init(Context<Work> cx) throws Exception {
        calls.add("init");
    }

    @Override
    public void receive(Context<Work> cx, Work message) throws Exception {
        switch (message) {
            case Work.Item(long value) -> numbers.add(value);
            case Work.Question(long _, var replyTo) -> cx.send(replyTo, (long) numbers.size());
            case Work.Do(String what) -> act(cx, what);
        }
    }

    void act(Context<Work> cx, String what) throws Exception {
        calls.add(what);
        switch (what) {
            case "hold" -> {
                held.countDown();
                release.await();
            }
            case "stop" -> cx.stop("asked to");
            case "fail" -> throw new IllegalStateException("on purpose");
            default -> throw new IllegalArgumentException(what);
        }
    }

    @Override
    public void cleanup(Context<Work> cx) throws Exception {
        calls.add("cleanup");
    }
}
