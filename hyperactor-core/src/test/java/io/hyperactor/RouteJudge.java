package io.hyperactor;

import io.hyperactor.channel.SimWorld;
import io.hyperactor.wire.ProcId;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Judges a run by what both ends have noted, when nothing is on its way any more. Knows nothing of
/// routers, links and tallies.
final class RouteJudge {
    /// What was seen, to know that there was something to see.
    ///
    /// @param silent of which nothing is known, and need not be
    record Counts(
            int sent,
            int handled,
            int silent,
            int inDoubt,
            Map<DeliveryFailure.Reason, Integer> reasons,
            Map<Letter.Answer.Kind, Integer> answers) {}

    /// What a proc says to its host, and hosts to senders, is there by then when nothing breaks.
    static final long SOON = SimWorld.SECOND;

    /// Who dials somebody who is back pauses no longer.
    private static final long DIALLED = 2 * SimWorld.SECOND;

    /// Who has died is back by then, and reached by all who had dialled meanwhile.
    private static final long BACK = 8 * SimWorld.SECOND;

    /// What dials somebody who has died knows it by then.
    private static final long KNOWN = 40 * SimWorld.SECOND;

    private static final Set<DeliveryFailure.Reason> OF_LINKS =
            Set.of(
                    DeliveryFailure.Reason.CHANNEL_CLOSED,
                    DeliveryFailure.Reason.PEER_CLOSED,
                    DeliveryFailure.Reason.PEER_GONE,
                    DeliveryFailure.Reason.PEER_RESTARTED,
                    DeliveryFailure.Reason.SESSION_LOST,
                    DeliveryFailure.Reason.ACK_TIMED_OUT,
                    DeliveryFailure.Reason.DIAL_FAILED,
                    DeliveryFailure.Reason.PROC_DIED);
    private static final Set<DeliveryFailure.Reason> OF_ACTORS =
            Set.of(
                    DeliveryFailure.Reason.ACTOR_NOT_EXIST,
                    DeliveryFailure.Reason.ACTOR_STOPPED,
                    DeliveryFailure.Reason.ACTOR_FAILED);

    private final RouteWorld world;
    private final Post post;
    private final boolean calm;
    private final DeathJudge deaths;
    private final List<Letter> silent = new ArrayList<>();
    private final Map<DeliveryFailure.Reason, Integer> reasons =
            new EnumMap<>(DeliveryFailure.Reason.class);
    private final Map<Letter.Answer.Kind, Integer> answers =
            new EnumMap<>(Letter.Answer.Kind.class);

    /// @param calm no link broke while both ends of it lived
    RouteJudge(RouteWorld world, Post post, boolean calm) {
        this.world = world;
        this.post = post;
        this.calm = calm;
        this.deaths = new DeathJudge(world, post, calm);
    }

    /// Whether nothing more is to come.
    boolean isSettled() {
        for (Letter letter : post.letters()) {
            if (!letter.isSettled()
                    && !letter.sender.isDead()
                    && (letter.isAsk || !maySilence(letter))) {
                return false;
            }
        }
        return true;
    }

    /// What is wrong, empty if nothing.
    List<String> judge() {
        post.doubts.forEach(new DoubtJudge(world, post, calm)::judge);
        deaths.judge();
        post.bindings.forEach(this::judgeDoubts);
        for (Letter letter : post.letters()) {
            if (!letter.sender.isDead()) {
                if (letter.isAsk) {
                    judgeAsk(letter);
                } else {
                    judgeTell(letter);
                }
            }
        }
        judgeSilence();
        List<String> wrongs = new ArrayList<>(post.wrongs);
        wrongs.addAll(new RouteLedger(world, post, calm).check());
        return wrongs;
    }

    Counts counts() {
        int sent = 0;
        int handled = 0;
        int inDoubt = 0;
        for (Letter letter : post.letters()) {
            sent++;
            handled += letter.handled;
            inDoubt += letter.inDoubt ? 1 : 0;
        }
        return new Counts(sent, handled, silent.size(), inDoubt, reasons, answers);
    }

    private void judgeDoubts(SimHost.Binding binding) {
        if (binding.endedAt == Long.MAX_VALUE || !binding.heard || binding.host.isDead()) {
            return;
        }
        binding.passed.forEach((_, letters) -> {
            for (Letter letter : letters) {
                if (!letter.isSettled() && !letter.sender.isDead()) {
                    silent.add(letter);
                    if (calm) {
                        post.wrong("neither handled, nor back, nor in doubt", letter);
                    }
                }
            }
        });
    }

    // ---- one by one

    private void judgeTell(Letter letter) {
        letter.backs.forEach(back -> judgeBack(letter, back));
        if (!letter.isSettled() && !silent.contains(letter)) {
            silent.add(letter);
        }
    }

    private void judgeAsk(Letter letter) {
        if (letter.answers.size() != 1) {
            post.wrong("an ask must end once", letter);
            return;
        }
        Letter.Answer answer = letter.answers.getFirst();
        answers.merge(answer.kind(), 1, Integer::sum);
        switch (answer.kind()) {
            case ANSWERED, HANDLER_FAILED -> {
                if (letter.handled == 0) {
                    post.wrong("answered, but not handled", letter);
                }
            }
            case CAME_BACK -> judgeBack(letter, answer.back());
            case TIMED_OUT -> judgeTimeOut(letter, answer);
            case ASKER_ENDED -> post.wrong("the asker has not ended", letter);
        }
    }

    private void judgeTimeOut(Letter letter, Letter.Answer answer) {
        if (!calm) {
            return;
        }
        if (answer.at() < letter.limitAt) {
            post.wrong("timed out before its time", letter);
        }
        if (letter.hosts.stream().anyMatch(SimRuntime::isDead)) {
            return;
        }
        boolean isDirect = post.isWithoutHost(letter.to.proc());
        boolean isDialled = isDirect || post.isWithoutHost(letter.sender.id().proc());
        long due = letter.limitAt - (isDialled ? DIALLED : SOON);
        boolean hasEnded =
                isDirect
                        ? isThereUntil(letter.to.proc(), letter.sentAt, due) && isLinked(letter)
                        : letter.passed.stream().anyMatch(binding -> binding.endedAt < due);
        if (hasEnded) {
            post.wrong("timed out, though its proc had ended", letter);
        }
        boolean isThere =
                isDirect || letter.passed.stream().anyMatch(binding -> !binding.process.isDead());
        if (isThere && letter.handled > 0 && !mayBeAnswerBack(letter) && letter.handledAt < due) {
            post.wrong("timed out, though it was answered", letter);
        }
    }

    /// An answer that found no room came back to who gave it, who may have failed before he heard.
    private boolean mayBeAnswerBack(Letter letter) {
        return letter.isAnswerBack
                || (world.isTight() && world.hasFailed(letter.to, letter.handledAt + SOON));
    }

    /// Whether one that was there for long died then: nobody was still trying to reach it.
    private boolean isThereUntil(ProcId proc, long from, long to) {
        return world.hasDied(proc, from, to) && !world.hasDied(proc, from - BACK, from - 1);
    }

    /// Whether there was a link to who was there: it was not dialled for the first time just when
    /// he died, so that the next one got it.
    private boolean isLinked(Letter letter) {
        SimRuntime last = letter.hosts.isEmpty() ? letter.sender.process() : letter.hosts.getLast();
        return world.diedAt(letter.to.proc().address()).stream()
                .filter(dead -> world.deathOf(dead) > letter.passedAt)
                .findFirst()
                .filter(dead ->
                        deaths.handledOver(last, letter.to.proc(), dead)
                                .anyMatch(other -> other.handledAt < letter.passedAt))
                .isPresent();
    }

    private void judgeBack(Letter letter, Letter.Back back) {
        reasons.merge(back.reason(), 1, Integer::sum);
        if (back.outcome() == Undeliverable.Outcome.NOT_DELIVERED && letter.handled > 0) {
            post.wrong("handled, but told as not delivered", letter);
        }
        if (back.reason() == DeliveryFailure.Reason.PROC_DIED && calm) {
            long soon = post.isWithoutHost(letter.sender.id().proc()) ? DIALLED : SOON;
            for (SimHost.Binding binding : letter.passed) {
                long heard = Math.max(binding.endedAt, letter.sender.stalledUntil());
                if (heard < back.at() - soon) {
                    post.wrong("told late that its proc has ended", letter);
                }
            }
        }
        if (calm && !isExcused(letter, back)) {
            post.wrong("came back for no reason", letter);
        }
    }

    private boolean isExcused(Letter letter, Letter.Back back) {
        DeliveryFailure.Reason reason = back.reason();
        if (OF_ACTORS.contains(reason)) {
            return world.hasFailed(letter.to, back.at());
        }
        if (OF_LINKS.contains(reason)) {
            return letter.to.proc().name().equals("nowhere")
                    || (world.hasDied(letter.to.proc(), letter.sentAt - KNOWN, back.at())
                            && !livesAllTheTime(letter.to.proc(), letter.sentAt, back.at()));
        }
        return switch (reason) {
            case NO_ROUTE -> !isBoundAllTheTime(letter.to.proc(), letter.sentAt, back.at());
            case EXPIRED -> letter.to.proc().name().equals("loop");
            case FRAME_TOO_LARGE -> letter.isLarge;
            case FORBIDDEN -> letter.sender.isImpostor();
            case QUEUE_FULL -> world.isTight();
            default -> false;
        };
    }

    private boolean livesAllTheTime(ProcId proc, long from, long to) {
        for (SimHost.Binding binding : post.bindings) {
            if (binding.proc.equals(proc)
                    && binding.since <= from
                    && world.deathOf(binding.process) > to
                    && world.deathOf(binding.host) > to) {
                return true;
            }
        }
        return false;
    }

    private boolean isBoundAllTheTime(ProcId proc, long from, long to) {
        for (SimHost.Binding binding : post.bindings) {
            if (binding.proc.equals(proc)
                    && binding.since <= from
                    && binding.endedAt >= to
                    && !binding.host.isDead()) {
                return true;
            }
        }
        return false;
    }

    /// Some losses nobody can tell of: those with a process that had never said anything, or whose
    /// last words were lost in bad weather.
    private boolean maySilence(Letter letter) {
        if (calm && deaths.diedWith(letter) != null) {
            return false;
        }
        for (SimRuntime host : letter.hosts) {
            if (host.isDead()) {
                return true;
            }
        }
        for (SimHost.Binding binding : letter.passed) {
            if (!binding.heard && binding.endedAt != Long.MAX_VALUE) {
                return true;
            }
        }
        return post.isWithoutHost(letter.to.proc())
                && world.hasDied(letter.to.proc(), letter.sentAt, Long.MAX_VALUE);
    }

    /// In bad weather news gets lost, which is counted. Each piece is about what one has sent to
    /// another before, and excuses no others; which of these it is not known, for what came back
    /// has no number.
    private void judgeSilence() {
        Map<Letter, List<Letter>> byFirst =
                silent.stream()
                        .filter(letter -> !maySilence(letter))
                        .collect(
                                Collectors.groupingBy(
                                        post::firstBefore,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        Deque<Long> lost = new ArrayDeque<>(calm ? List.of() : world.lostNews());
        byFirst.keySet().stream()
                .sorted(Comparator.comparingLong((Letter first) -> first.sentAt).reversed())
                .filter(first -> lost.isEmpty() || lost.removeLast() < first.sentAt)
                .forEach(first ->
                        byFirst.get(first).forEach(letter -> post.wrong("no outcome", letter)));
    }
}
