package io.hyperactor.bench;

/// What we want of a figure of ours.
sealed interface Goal {
    /// Which figure it is about.
    Figure figure();

    /// At least this many times the peer's.
    record AtLeast(Figure figure, String peer, double ratio) implements Goal {
        @Override
        public String toString() {
            return "≥ " + ratio + "×";
        }
    }

    /// At most this many times the peer's.
    record AtMost(Figure figure, String peer, double ratio) implements Goal {
        @Override
        public String toString() {
            return "≤ " + ratio + "×";
        }
    }

    /// At most this, whatever others need.
    record Within(Figure figure, double value) implements Goal {
        @Override
        public String toString() {
            return "≤ " + figure.unit().text(value);
        }
    }

    /// Never more than this: the highest of all rounds counts.
    record Never(Figure figure, double value) implements Goal {
        @Override
        public String toString() {
            return "never > " + figure.unit().text(value);
        }
    }

    /// Whether the goal is about ours alone.
    default boolean isOwn() {
        return switch (this) {
            case AtLeast _, AtMost _ -> false;
            case Within _, Never _ -> true;
        };
    }

    /// Whether the goal is about this peer's figure; one about ours alone is about no peer's.
    default boolean isAgainst(String name) {
        return switch (this) {
            case AtLeast(_, var peer, _) -> peer.equals(name);
            case AtMost(_, var peer, _) -> peer.equals(name);
            case Within _, Never _ -> false;
        };
    }
}
