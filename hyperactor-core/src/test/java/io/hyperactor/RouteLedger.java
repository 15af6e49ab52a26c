package io.hyperactor;

import io.hyperactor.channel.Ledger;
import io.hyperactor.channel.LedgerChecker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What was seen of letters as the ledger of a link, whose checker knows outcomes and order.
final class RouteLedger {
    private final RouteWorld world;
    private final Post post;
    private final boolean calm;

    /// @param calm no link broke while both ends of it lived
    RouteLedger(RouteWorld world, Post post, boolean calm) {
        this.world = world;
        this.post = post;
        this.calm = calm;
    }

    List<String> check() {
        List<Ledger.Entry> entries = new ArrayList<>();
        for (Letter letter : post.letters()) {
            add(entries, Ledger.Kind.SENT, letter);
            if (isNotDelivered(letter)) {
                add(entries, Ledger.Kind.REFUSED, letter);
            }
        }
        Set<Letter> seen = new HashSet<>();
        for (Letter letter : post.inOrder()) {
            if (seen.add(letter)) {
                add(entries, Ledger.Kind.ENQUEUED, letter);
            }
        }
        for (Letter letter : post.letters()) {
            for (Letter.Back back : backs(letter)) {
                add(
                        entries,
                        back.outcome() == Undeliverable.Outcome.NOT_DELIVERED
                                ? Ledger.Kind.NOT_DELIVERED
                                : Ledger.Kind.UNKNOWN,
                        letter);
            }
            if (isSure(letter)) {
                add(entries, Ledger.Kind.DELIVERED, letter);
            }
        }
        return LedgerChecker.check(
                entries,
                new LedgerChecker.Expectation(Integer.MAX_VALUE, Integer.MAX_VALUE, false, false));
    }

    /// Who had it gave it back and died, and who had passed it on did not hear that it had arrived;
    /// or of those who had passed it on several did not.
    private boolean mayBeBackBothWays(Letter letter) {
        return letter.isBackBothWays()
                && (!calm
                        || letter.passed.stream().anyMatch(binding -> binding.process.isDead())
                        || (post.isWithoutHost(letter.to.proc())
                                && world.hasDied(
                                        letter.to.proc(),
                                        letter.sentAt,
                                        letter.backs.getLast().at())));
    }

    /// Of what goes round in bad weather, and of what came back on several ways, each link that
    /// ends gives back what it had not seen arrive: one of these says what is known.
    private List<Letter.Back> backs(Letter letter) {
        boolean goesRound = letter.to.proc().name().equals("loop") && !calm;
        if (goesRound && letter.isReturned()) {
            return letter.backs.subList(0, 1);
        }
        return mayBeBackBothWays(letter)
                ? letter.backs.stream()
                        .sorted(Comparator.comparing(Letter.Back::outcome))
                        .limit(1)
                        .toList()
                : letter.backs;
    }

    private static boolean isNotDelivered(Letter letter) {
        return letter.isNotDelivered()
                || letter.answers.stream()
                        .anyMatch(answer ->
                                answer.back() != null
                                        && answer.back().outcome()
                                                == Undeliverable.Outcome.NOT_DELIVERED);
    }

    private static boolean isSure(Letter letter) {
        return letter.handled > 0
                && !letter.isReturned()
                && !letter.inDoubt
                && !letter.sender.isDead()
                && letter.answers.stream()
                        .allMatch(answer ->
                                answer.kind() == Letter.Answer.Kind.ANSWERED
                                        || answer.kind() == Letter.Answer.Kind.HANDLER_FAILED);
    }

    /// What is in doubt has an order of its own, and leaves no gap.
    private static void add(List<Ledger.Entry> entries, Ledger.Kind kind, Letter letter) {
        boolean inOrder = isSure(letter) || isNotDelivered(letter);
        entries.add(new Ledger.Entry(kind, letter.id, inOrder ? letter.id >>> 32 : -letter.id, 0));
    }
}
