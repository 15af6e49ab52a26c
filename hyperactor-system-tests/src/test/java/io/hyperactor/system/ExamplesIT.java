package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.examples.DiningPhilosophers;
import io.hyperactor.examples.Hello;
import io.hyperactor.examples.Sieve;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

/// The examples, run as their documentation says.
@SystemTest
class ExamplesIT {
    private static List<String> run(Class<?> example, String... arguments)
            throws IOException, InterruptedException {
        try (Program program = Program.java(ClassPaths.examples(), example.getName(), arguments)) {
            return program.output(0);
        }
    }

    @Test
    void helloCountsInAnotherProcess() throws Exception {
        assertThat(run(Hello.class))
                .singleElement()
                .asString()
                .matches("unix:/.+,worker-1,counter-1\\[0] says 2");
    }

    @Test
    void theSieveFindsTheFirstHundredPrimesInTwoProcs() throws Exception {
        List<String> output = run(Sieve.class);

        assertThat(output).hasSize(3);
        assertThat(output.get(0)).matches("proc-1, process \\d+: 50 filters");
        assertThat(output.get(1)).matches("proc-2, process \\d+: 50 filters");
        assertThat(output.get(2)).isEqualTo("100 primes: 2 3 5 7 11 … 523 541");
    }

    @Test
    void aSieveMayBeShortAndInOneProc() throws Exception {
        assertThat(run(Sieve.class, "5", "1")).last().asString().isEqualTo("5 primes: 2 3 5 7 11");
    }

    @Test
    void allPhilosophersGetTheirMeals() throws Exception {
        List<String> output = run(DiningPhilosophers.class, "5", "200");

        assertThat(output).hasSize(6);
        assertThat(output.subList(0, 5))
                .allMatch(line -> line.matches("philosopher \\d, in table-\\d: 200 meals"))
                .doesNotHaveDuplicates();
        assertThat(output.getLast())
                .matches("5 philosophers had 1000 meals, at most [12] of them at the same time");
    }
}
