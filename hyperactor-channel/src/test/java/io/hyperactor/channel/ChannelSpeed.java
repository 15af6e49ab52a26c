package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Echo and stream over a Unix socket between two JVMs, beside [RawNio] in the same run. Not a
/// test: run it by hand, with nothing else on the machine, and read the ratios.
final class ChannelSpeed {
    private static final byte PING = 0;
    private static final byte DATA = 1;
    private static final byte END = 2;
    private static final int PINGS = 20_000;
    private static final int WARM_UP = 2;
    private static final int ROUNDS = 5;

    private static CountDownLatch done = new CountDownLatch(0);
    private static long[] times = {};
    private static int count;
    private static long sentAt;
    private static Runnable next = () -> {};

    private ChannelSpeed() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 1) {
            serve(Path.of(args[0]));
            return;
        }
        Path directory = Files.createTempDirectory("speed");
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        command.addAll(
                java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChannelSpeed.class.getName(),
                        directory.toString()));
        Process child = new ProcessBuilder(command).inheritIO().start();
        try {
            measure(directory);
        } finally {
            child.destroyForcibly().waitFor();
            for (String name : List.of("raw", "server", "client")) {
                Files.deleteIfExists(directory.resolve(name));
            }
            Files.delete(directory);
        }
    }

    // ---- the child

    private static void serve(Path directory) throws Exception {
        Channels channels = new Channels(ChannelConfig.standard());
        Tx back = channels.dial(unix(directory, "client"), (reason, frames) -> {});
        ChannelServer _ =
                channels.serve(
                        unix(directory, "server"),
                        (from, buffer, offset, length) -> {
                            if (buffer[offset] != DATA) {
                                back.offer(out -> out.writeRaw(buffer, offset, length));
                            }
                            return true;
                        });
        byte[] copy = new byte[64];
        Thread raw =
                RawNio.serve(
                        directory.resolve("raw"),
                        (from, buffer, offset, length) -> {
                            if (buffer.get(offset) != DATA) {
                                byte[] answer = length == copy.length ? copy : new byte[length];
                                buffer.get(offset, answer);
                                from.send(answer);
                            }
                        });
        raw.join();
    }

    private static ChannelAddress unix(Path directory, String name) {
        return new ChannelAddress.Unix(directory.resolve(name).toString());
    }

    // ---- the parent

    private static void measure(Path directory) throws Exception {
        try (Channels channels = new Channels(ChannelConfig.standard())) {
            ChannelServer _ =
                    channels.serve(
                            unix(directory, "client"),
                            (from, buffer, offset, length) -> {
                                answered(buffer[offset]);
                                return true;
                            });
            Tx tx = channels.dial(unix(directory, "server"), (reason, frames) -> {});
            byte[] ping = new byte[64];
            FrameBody pingBody = Frames.bytes(ping);
            Runnable oursPing = () -> tx.offer(pingBody);
            done = new CountDownLatch(1);
            times = new long[1];
            oursPing.run(); // the child is up when this comes back
            await("the first ping");
            RawNio raw =
                    RawNio.dial(
                            directory.resolve("raw"),
                            (from, buffer, offset, length) -> answered(buffer.get(offset)));
            Runnable rawPing = () -> put(raw, ping, true);
            echo("echo 64 B", oursPing, rawPing);
            for (int size : new int[] {64, 1024, 64 * 1024, 1024 * 1024 - 16}) {
                stream(size, tx, raw);
            }
        }
    }

    private static void answered(byte kind) {
        if (kind == PING) {
            times[count++] = System.nanoTime() - sentAt;
            if (count < times.length) {
                sentAt = System.nanoTime();
                next.run();
                return;
            }
        }
        done.countDown();
    }

    private static void echo(String name, Runnable ours, Runnable raw) throws Exception {
        double[][] medians = new double[2][ROUNDS];
        double[][] tails = new double[2][ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (int which = 0; which < 2; which++) {
                times = new long[PINGS];
                count = 0;
                next = which == 0 ? ours : raw;
                done = new CountDownLatch(1);
                sentAt = System.nanoTime();
                next.run();
                await(name);
                if (round >= 0) {
                    Arrays.sort(times);
                    medians[which][round] = times[PINGS / 2] / 1e3;
                    tails[which][round] = times[PINGS * 99 / 100] / 1e3;
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-14s ours p50 %.1f p99 %.1f us, raw p50 %.1f p99 %.1f us, p50 ratio %.2f%n",
                name,
                median(medians[0]),
                median(tails[0]),
                median(medians[1]),
                median(tails[1]),
                median(medians[0]) / median(medians[1]));
    }

    private static void stream(int size, Tx tx, RawNio raw) throws Exception {
        int frames = Math.clamp(400_000_000L / size, 400, 2_000_000);
        byte[] data = new byte[size];
        data[0] = DATA;
        byte[] end = {END};
        FrameBody body = Frames.bytes(data);
        double[][] perSecond = new double[2][ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (int which = 0; which < 2; which++) {
                done = new CountDownLatch(1);
                long start = System.nanoTime();
                if (which == 0) {
                    for (int i = 0; i < frames; i++) {
                        offer(tx, body);
                    }
                    offer(tx, Frames.bytes(end));
                } else {
                    for (int i = 0; i < frames; i++) {
                        put(raw, data, false);
                    }
                    put(raw, end, true);
                }
                await("stream");
                if (round >= 0) {
                    perSecond[which][round] = frames * 1e9 / (System.nanoTime() - start);
                }
            }
        }
        double ours = median(perSecond[0]);
        double yardstick = median(perSecond[1]);
        System.out.printf(
                Locale.ROOT,
                "stream %7d  ours %.2f M/s %.0f MB/s, raw %.2f M/s %.0f MB/s, ratio %.2f%n",
                size,
                ours / 1e6,
                ours * size / 1e6,
                yardstick / 1e6,
                yardstick * size / 1e6,
                ours / yardstick);
    }

    private static void offer(Tx tx, FrameBody body) {
        if (!tx.offer(body, TimeUnit.SECONDS.toNanos(30))) {
            throw new IllegalStateException("no room for 30 s; ended: " + tx.closed());
        }
    }

    private static void put(RawNio raw, byte[] frame, boolean flush) {
        try {
            if (frame.length + 4 > RawNio.BUFFER) {
                raw.write(frame);
            } else if (flush) {
                raw.send(frame);
            } else {
                raw.put(frame);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(String what) throws InterruptedException {
        if (!done.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException(what + " is stuck");
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
