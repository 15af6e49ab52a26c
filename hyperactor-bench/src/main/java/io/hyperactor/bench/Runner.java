package io.hyperactor.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs a case: all contenders are started, then they take turns, one round each, and every second
/// time the other way round, so that nobody always comes first. Each warms up until it gets no
/// faster, and finds out how many operations it can do in a round. A turn that others disturbed is
/// repeated, as long as there is patience.
final class Runner {
    private static final Duration START_PATIENCE = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Case of;
    private final Quiet quiet;
    private final List<Player> players;
    private int disturbed;
    private boolean backwards;

    private Runner(Case of, Quiet quiet) {
        this.of = of;
        this.quiet = quiet;
        players = of.contenders().stream().map(each -> new Player(each, of.effort())).toList();
    }

    static Result run(Case of, Quiet quiet) throws InterruptedException {
        Runner runner = new Runner(of, quiet);
        for (int i = 0; i < of.effort().launches(); i++) {
            runner.launch();
        }
        return new Result(
                of, runner.players.stream().map(Player::result).toList(), runner.disturbed, 1);
    }

    private void launch() throws InterruptedException {
        try {
            for (Player player : players) {
                player.start();
            }
            for (int i = 0; i < of.effort().mostWarmups(); i++) {
                if (i >= of.effort().warmups() && players.stream().allMatch(Player::isWarm)) {
                    break; // together: nobody stands idle before he is measured
                }
                for (Player player : order()) {
                    player.warmUp();
                }
            }
            for (int i = 0; i < of.effort().rounds(); i++) {
                turn();
            }
        } finally {
            players.forEach(Player::stop);
        }
    }

    private List<Player> order() {
        backwards = !backwards;
        return backwards ? players.reversed() : players;
    }

    private void turn() throws InterruptedException {
        boolean undisturbed;
        Map<Player, Round> rounds;
        do {
            undisturbed = quiet.await();
            rounds = new HashMap<>();
            for (Player player : order()) {
                Optional<Round> round = player.round();
                if (round.isPresent()) {
                    rounds.put(player, round.get());
                }
            }
            undisturbed = undisturbed && quiet.still();
        } while (!undisturbed && quiet.hasPatience());
        rounds.forEach((player, round) -> player.rounds.add(round));
        disturbed += undisturbed ? 0 : 1;
    }

    /// One contender over all launches. When it has failed once, it is out.
    private static final class Player {
        private final Contender contender;
        private final Effort effort;
        private final List<Round> rounds = new ArrayList<>();
        private Optional<ContenderProcess> process = Optional.empty();
        private Optional<String> missing = Optional.empty();
        private Steadiness steadiness = new Steadiness();
        private int operations;

        Player(Contender contender, Effort effort) {
            this.contender = contender;
            this.effort = effort;
        }

        void start() throws InterruptedException {
            if (missing.isPresent()) {
                return;
            }
            operations = effort.first();
            steadiness = new Steadiness();
            try {
                ContenderProcess started = ContenderProcess.start(contender.launch().command());
                process = Optional.of(started);
                started.awaitReady(START_PATIENCE);
            } catch (Unavailable e) {
                out(e.reason());
            } catch (IOException e) {
                out(e.toString());
            }
        }

        void warmUp() throws InterruptedException {
            long start = System.nanoTime();
            if (round().isPresent()) {
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                steadiness.ran(operations, took);
                operations = effort.next(operations, took);
            }
        }

        boolean isWarm() {
            return process.isEmpty() || steadiness.isReached();
        }

        Optional<Round> round() throws InterruptedException {
            if (process.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(
                        process.get()
                                .round(operations, PATIENCE)
                                .with(Figure.OPERATIONS, operations));
            } catch (Unavailable e) {
                out(e.reason());
                return Optional.empty();
            }
        }

        private void out(String reason) {
            missing = Optional.of(reason);
            stop();
        }

        void stop() {
            process.ifPresent(ContenderProcess::close);
            process = Optional.empty();
        }

        Result.Side result() {
            return missing.<Result.Side>map(reason -> new Result.Missing(contender.name(), reason))
                    .orElseGet(() -> new Result.Ran(contender.name(), rounds));
        }
    }
}
