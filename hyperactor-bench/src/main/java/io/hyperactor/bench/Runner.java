package io.hyperactor.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs a case: all contenders are started, then they take turns, one round each.
final class Runner {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Runner() {}

    static Result run(Case of) throws InterruptedException {
        List<Player> players = of.contenders().stream().map(Player::new).toList();
        for (int i = 0; i < of.effort().launches(); i++) {
            launch(of.effort(), players);
        }
        return new Result(of, players.stream().map(Player::result).toList());
    }

    private static void launch(Effort effort, List<Player> players) throws InterruptedException {
        try {
            for (Player player : players) {
                player.start();
            }
            for (int i = -effort.warmups(); i < effort.rounds(); i++) {
                for (Player player : players) {
                    player.round(effort.operations(), i >= 0);
                }
            }
        } finally {
            players.forEach(Player::stop);
        }
    }

    /// One contender over all launches. When it has failed once, it is out.
    private static final class Player {
        private final Contender contender;
        private final List<Round> rounds = new ArrayList<>();
        private Optional<ContenderProcess> process = Optional.empty();
        private Optional<String> missing = Optional.empty();

        Player(Contender contender) {
            this.contender = contender;
        }

        void start() throws InterruptedException {
            if (missing.isPresent()) {
                return;
            }
            try {
                ContenderProcess started = ContenderProcess.start(contender.launch().command());
                process = Optional.of(started);
                started.awaitReady(PATIENCE);
            } catch (Unavailable e) {
                out(e.reason());
            } catch (IOException e) {
                out(e.toString());
            }
        }

        void round(int operations, boolean counts) throws InterruptedException {
            if (process.isEmpty()) {
                return;
            }
            try {
                Round round = process.get().round(operations, PATIENCE);
                if (counts) {
                    rounds.add(round);
                }
            } catch (Unavailable e) {
                out(e.reason());
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
