package io.hyperactor.examples;

import io.hyperactor.Actor;
import io.hyperactor.ActorType;
import io.hyperactor.Context;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Hands out forks, both of a seat or none, so that nobody waits with one in his hand: there is no
/// deadlock. As an actor handles one message at a time this needs no lock.
final class Waiter implements Actor<WaiterMessage> {
    static final ActorType.WithParams<Params, WaiterMessage> TYPE =
            ActorType.of("waiter", WaiterMessage.class, Params.class, Waiter::new);

    /// @param seats how many seats the table has, and forks
    record Params(int seats) {}

    private final boolean[] taken; // fork i lies to the left of seat i
    private final int[] meals;
    private final List<WaiterMessage.Hungry> waiting = new ArrayList<>(); // the longest first
    private final List<WaiterMessage.GetBill> unpaid = new ArrayList<>();
    private int eating;
    private int mostAtOnce;

    private Waiter(Params params) {
        taken = new boolean[params.seats()];
        meals = new int[params.seats()];
    }

    @Override
    public void receive(Context<WaiterMessage> cx, WaiterMessage message) {
        switch (message) {
            case WaiterMessage.Hungry hungry -> {
                waiting.add(hungry);
                serve(cx);
            }
            case WaiterMessage.Done(int seat) -> {
                putBack(seat);
                serve(cx);
                settle(cx);
            }
            case WaiterMessage.GetBill bill -> {
                unpaid.add(bill);
                settle(cx);
            }
        }
    }

    private void serve(Context<WaiterMessage> cx) {
        waiting.removeIf(hungry -> {
            int seat = hungry.seat();
            boolean free = !taken[seat] && !taken[rightOf(seat)];
            if (free) {
                take(seat);
                cx.send(hungry.philosopher(), new PhilosopherMessage.Eat());
            }
            return free;
        });
    }

    private void take(int seat) {
        taken[seat] = true;
        taken[rightOf(seat)] = true;
        eating++;
        mostAtOnce = Math.max(mostAtOnce, eating);
    }

    private void putBack(int seat) {
        if (!taken[seat] || !taken[rightOf(seat)]) {
            throw new IllegalStateException("seat " + seat + " has no forks to put back");
        }
        taken[seat] = false;
        taken[rightOf(seat)] = false;
        eating--;
        meals[seat]++;
    }

    private int rightOf(int seat) {
        return (seat + 1) % taken.length;
    }

    private void settle(Context<WaiterMessage> cx) {
        List<Integer> perSeat = IntStream.of(meals).boxed().toList();
        int sum = IntStream.of(meals).sum();
        unpaid.removeIf(bill -> {
            if (sum < bill.meals()) {
                return false;
            }
            cx.send(bill.replyTo(), new WaiterMessage.Bill(perSeat, mostAtOnce));
            return true;
        });
    }
}
