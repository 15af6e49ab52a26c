package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

class ControlPipeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final PipedOutputStream host = new PipedOutputStream();
    private final ControlPipe pipe;

    ControlPipeTest() throws IOException {
        pipe = ControlPipe.reading(new PipedInputStream(host, 8192));
        pipe.onEnd(() -> ended.complete(Thread.currentThread().getName()));
    }

    private void say(String text) throws IOException {
        host.write(text.getBytes(StandardCharsets.UTF_8));
        host.flush();
    }

    @Test
    void theFirstLineArrivesAndTheEndIsNoticedLater() throws IOException {
        say("to");
        say("k\u00e9n\nmore\n");

        assertThat(pipe.firstLine()).isEqualTo("tok\u00e9n");
        assertThat(pipe.firstLine()).isEqualTo("tok\u00e9n");
        assertThat(ended).isNotDone();

        host.close();
        assertThat(ended).succeedsWithin(PATIENCE).isEqualTo("hyperactor-control");
    }

    @Test
    void anEndBeforeTheFirstLineIsAnEndAndAnError() throws IOException {
        say("half");
        host.close();

        assertThat(ended).succeedsWithin(PATIENCE);
        assertThatIllegalStateException()
                .isThrownBy(pipe::firstLine)
                .withMessageContaining("the host is gone");
    }

    @Test
    void aFirstLineThatDoesNotEndIsRefused() throws IOException {
        say("x".repeat(5000));

        assertThatIllegalStateException()
                .isThrownBy(pipe::firstLine)
                .withMessageContaining("longer than 4096 bytes");
        assertThat(ended).succeedsWithin(PATIENCE);
    }

    @Test
    void anActionGivenAfterTheEndRunsAtOnce() throws IOException {
        host.close();
        assertThat(ended).succeedsWithin(PATIENCE);
        var late = new CompletableFuture<String>();

        pipe.onEnd(() -> late.complete(Thread.currentThread().getName()));

        assertThat(late).isCompletedWithValue(Thread.currentThread().getName());
    }

    @Test
    void laterLinesAreHandedOverInTheirOrderWheneverTheyCame() throws IOException {
        say("token\nearly-1\nearly-2\n");
        say("x".repeat(5000)); // too long, so it ends the pipe, and all before it has been read
        assertThat(ended).succeedsWithin(PATIENCE);
        var lines = new ArrayList<String>();

        pipe.onLine(lines::add);

        assertThat(lines).containsExactly("early-1", "early-2");
    }

    @Test
    void aLineThatComesAfterTheQuestionIsHandedOverAndAThrowDoesNoHarm() throws IOException {
        say("token\n");
        assertThat(pipe.firstLine()).isEqualTo("token");
        var lines = new LinkedBlockingQueue<String>();
        pipe.onLine(line -> {
            lines.add(line);
            throw new IllegalArgumentException(line);
        });

        say("a\nb\n");

        host.close();
        assertThat(ended).succeedsWithin(PATIENCE);
        assertThat(lines).containsExactly("a", "b");
    }

    @Test
    void linesNobodyAsksForAreKeptUpToABound() throws IOException {
        say("token\n" + "line\n".repeat(1000));
        host.close();
        assertThat(ended).succeedsWithin(PATIENCE);
        var lines = new ArrayList<String>();

        pipe.onLine(lines::add);

        assertThat(lines).hasSize(ControlPipe.EARLY_LINES_MAX);
        assertThatIllegalStateException().isThrownBy(() -> pipe.onLine(lines::add));
    }

    @Test
    void withoutTheVariableThereIsNoPipe() {
        assertThat(ControlPipe.inherited(Map.of())).isEmpty();
    }

    @Test
    void aVariableThatNamesAnotherDescriptorIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> ControlPipe.inherited(Map.of(ControlPipe.VARIABLE, "17")))
                .withMessage("HYPERACTOR_CONTROL_FD is neither 0 nor 3 but 17");
    }
}
