package io.hyperactor;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Judges what senders are told of messages that are in doubt, as their proc has ended.
final class DoubtJudge {
    private final RouteWorld world;
    private final Post post;
    private final boolean calm;

    /// @param calm no link broke while both ends of it lived
    DoubtJudge(RouteWorld world, Post post, boolean calm) {
        this.world = world;
        this.post = post;
        this.calm = calm;
    }

    /// Notes which messages are meant, and what is wrong with it.
    void judge(Post.Doubt doubt) {
        Optional<SimHost.Binding> meant =
                post.bindings.reversed().stream()
                        .filter(binding -> fits(doubt, binding))
                        .max(
                                Comparator.<SimHost.Binding>comparingInt(
                                                binding -> likelihood(doubt, binding))
                                        .thenComparing(binding -> isOfAll(doubt, binding)));
        boolean isOfProc =
                meant.filter(end -> !isDead(end.host, doubt) && likelihood(doubt, end) > 0)
                        .isPresent();
        if (!isOfProc && isOfProcess(doubt)) {
            post.ofProcesses.add(doubt);
            return;
        }
        if (meant.isEmpty()) {
            post.wrongs.add("in doubt is what was not sent: " + doubt);
            return;
        }
        SimHost.Binding ended = meant.get();
        ended.doubts.put(pair(doubt), doubt);
        for (Letter letter : named(doubt, ended)) {
            letter.inDoubt = true;
            String wrong = wrong(doubt, ended, letter);
            if (wrong != null) {
                post.wrong(wrong, letter);
            }
        }
    }

    /// Whether it may tell of the end of a process to which what was sent there went, and which may
    /// have had as much.
    private boolean isOfProcess(Post.Doubt doubt) {
        long sent =
                post.sent(doubt.sender(), doubt.to()).stream()
                        .filter(letter -> letter.sentAt <= doubt.at())
                        .count();
        return doubt.numbers().last() <= sent
                && world.diedAt(doubt.to().proc().address()).stream()
                        .anyMatch(dead -> isDead(dead, doubt));
    }

    /// Whether it was when that was told.
    private boolean isDead(SimRuntime process, Post.Doubt doubt) {
        return world.deathOf(process) <= doubt.at();
    }

    private static SimHost.Pair pair(Post.Doubt doubt) {
        SimClient sender = doubt.sender();
        return new SimHost.Pair(sender.id(), sender.incarnation(), doubt.to());
    }

    private boolean fits(Post.Doubt doubt, SimHost.Binding binding) {
        return binding.endedAt <= doubt.at()
                && numbersAtMost(binding, pair(doubt)) >= doubt.numbers().last()
                && !binding.doubts.containsKey(pair(doubt));
    }

    /// Which end it tells of it does not say, and it may be one before the last: one of which
    /// something has no outcome yet, or else one of which it may say this; of several one whose
    /// messages are just as many, and the latest.
    private int likelihood(Post.Doubt doubt, SimHost.Binding binding) {
        List<Letter> named = named(doubt, binding);
        if (named.stream().anyMatch(letter -> letter.handled == 0 && !letter.isReturned())) {
            return 2;
        }
        return named.stream().allMatch(letter -> wrong(doubt, binding, letter) == null) ? 1 : 0;
    }

    private static boolean isOfAll(Post.Doubt doubt, SimHost.Binding binding) {
        return numbered(binding, pair(doubt)).size() == doubt.numbers().last();
    }

    /// Which messages that are, had they been for that proc.
    private List<Letter> named(Post.Doubt doubt, SimHost.Binding binding) {
        List<Letter> numbered = numbered(binding, pair(doubt));
        int last = (int) Math.min(numbered.size(), doubt.numbers().last());
        int first = (int) Math.min(last, doubt.numbers().first() - 1);
        return numbered.subList(first, last);
    }

    private @Nullable String wrong(Post.Doubt doubt, SimHost.Binding binding, Letter letter) {
        List<Letter> passed = binding.passed.getOrDefault(pair(doubt), List.of());
        if (calm && letter.isReturned() && passed.stream().noneMatch(Letter::isNotDelivered)) {
            return "in doubt, though it came back";
        }
        if (calm
                && passed.stream().noneMatch(Letter::isReturned)
                && letter.handled > 0
                && letter.handledAt < world.deathOf(binding.process) - RouteJudge.SOON / 2) {
            return "in doubt, though it was handled long before";
        }
        return null;
    }

    /// What came back and of which the host had not heard when the proc ended, which is as old as
    /// their link was bad, may be among those that are in doubt.
    private long numbersAtMost(SimHost.Binding binding, SimHost.Pair pair) {
        long late = calm ? world.deathOf(binding.process) - RouteJudge.SOON / 2 : 0;
        long cameBackLate =
                binding.passed.getOrDefault(pair, List.of()).stream()
                        .filter(Letter::isNotDelivered)
                        .filter(letter -> letter.backs.getLast().at() > late)
                        .count();
        return numbered(binding, pair).size() + cameBackLate;
    }

    /// Those that have a number.
    private static List<Letter> numbered(SimHost.Binding binding, SimHost.Pair pair) {
        return binding.passed.getOrDefault(pair, List.of()).stream()
                .filter(letter -> !letter.isNotDelivered())
                .toList();
    }
}
