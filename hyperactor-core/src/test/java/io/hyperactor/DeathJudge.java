package io.hyperactor;

import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Judges what senders are told of messages that died with a process.
final class DeathJudge {
    private final RouteWorld world;
    private final Post post;
    private final boolean calm;

    /// @param calm no link broke while both ends of it lived
    DeathJudge(RouteWorld world, Post post, boolean calm) {
        this.world = world;
        this.post = post;
        this.calm = calm;
    }

    /// What died with a process that somebody had passed it on to is in doubt: as many as that are
    /// told of it later. Which, is not known here, for what came back is not counted and may have
    /// been anywhere.
    void judge() {
        Map<SimRuntime, Map<Letter, List<Letter>>> lost = new LinkedHashMap<>();
        for (Letter letter : post.letters()) {
            SimRuntime with = letter.isAsk || letter.isSettled() ? null : diedWith(letter);
            if (with != null && !letter.sender.isDead()) {
                lost.computeIfAbsent(with, _ -> new LinkedHashMap<>())
                        .computeIfAbsent(post.firstBefore(letter), _ -> new ArrayList<>())
                        .add(letter);
            }
        }
        List<Post.Doubt> told = new ArrayList<>(post.ofProcesses);
        lost.forEach((process, each) ->
                each.values().forEach(letters -> judgeDeath(process, letters, told)));
        if (calm) {
            post.ofProcesses.forEach(this::judgeNumbers);
        }
    }

    private void judgeDeath(SimRuntime process, List<Letter> letters, List<Post.Doubt> told) {
        Letter any = letters.getFirst();
        for (Post.Doubt doubt : told) {
            if (doubt.sender() == any.sender
                    && doubt.to().equals(any.to)
                    && doubt.at() >= world.deathOf(process)
                    && doubt.numbers().count() >= letters.size()) {
                letters.forEach(letter -> letter.inDoubt = true);
                told.remove(doubt);
                return;
            }
        }
    }

    /// Where nothing ever came back and one process was there alone: it was the last that it had.
    private void judgeNumbers(Post.Doubt doubt) {
        List<Letter> sent = post.sent(doubt.sender(), doubt.to());
        List<SimRuntime> dead = world.diedAt(doubt.to().proc().address());
        boolean clear =
                dead.size() == 1
                        && sent.stream().noneMatch(Letter::isReturned)
                        && sent.getLast().sentAt < world.deathOf(dead.getFirst())
                        && post.bindings.stream()
                                        .filter(one -> one.proc.equals(doubt.to().proc()))
                                        .filter(one -> one.since < doubt.at())
                                        .count()
                                <= 1;
        if (clear) {
            for (Letter letter : sent.subList((int) doubt.numbers().first() - 1, sent.size())) {
                if (letter.handled > 0
                        && letter.handledAt
                                < world.deathOf(dead.getFirst()) - RouteJudge.SOON / 2) {
                    post.wrong("in doubt, though it was handled long before", letter);
                }
            }
        }
    }

    /// The process that it died with, if who had passed it on there must know so: because he had
    /// heard from there of others.
    @Nullable SimRuntime diedWith(Letter letter) {
        SimRuntime before = letter.sender.process();
        for (SimRuntime host : letter.hosts) {
            if (host.isDead()) {
                return hasHeard(before, letter.to.proc(), host) ? host : null;
            }
            before = host;
        }
        if (!post.isWithoutHost(letter.to.proc())) {
            return null;
        }
        for (SimRuntime dead : world.diedAt(letter.to.proc().address())) {
            if (world.deathOf(dead) > letter.sentAt) {
                return hasHeard(before, letter.to.proc(), dead) ? dead : null;
            }
        }
        return null;
    }

    /// Whether that proc has handled something that came by way of these two, and lived on.
    private boolean hasHeard(SimRuntime from, ProcId proc, SimRuntime by) {
        return handledOver(from, proc, by)
                .anyMatch(letter ->
                        !letter.isAsk && letter.handledAt < world.deathOf(by) - RouteJudge.SOON);
    }

    /// What that proc has handled that came by way of these two.
    Stream<Letter> handledOver(SimRuntime from, ProcId proc, SimRuntime by) {
        return StreamSupport.stream(post.letters().spliterator(), false)
                .filter(letter -> letter.to.proc().equals(proc) && letter.handled > 0)
                .filter(letter -> letter.sender.process() == from || letter.hosts.contains(from))
                .filter(letter -> letter.hosts.contains(by) || post.isWithoutHost(proc))
                .filter(letter -> letter.handledAt >= world.birthOf(by))
                .filter(letter -> letter.handledAt <= world.deathOf(by));
    }
}
