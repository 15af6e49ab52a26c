package io.hyperactor.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where, when and with what results were measured, if not all of them at once.
final class Origins {
    private final Machine newest;
    private final Map<Key, Machine> others = new LinkedHashMap<>();

    /// A case, wherever it was measured.
    private record Key(Suite suite, String name) {}

    /// @param newest where everything was measured that is not said to be from elsewhere
    Origins(Machine newest) {
        this.newest = newest;
    }

    /// A result is of that machine and time.
    void add(Suite suite, Case of, Machine machine) {
        if (!machine.equals(newest)) {
            others.put(new Key(suite, of.name()), machine);
        }
    }

    Machine newest() {
        return newest;
    }

    Machine of(Suite suite, Case of) {
        return others.getOrDefault(new Key(suite, of.name()), newest);
    }

    /// The newest machine and time; and below, a line each, the others with what is of them.
    @Override
    public String toString() {
        Map<Machine, List<String>> names = new LinkedHashMap<>();
        others.forEach((key, machine) ->
                names.computeIfAbsent(machine, _ -> new ArrayList<>())
                        .add(key.suite.title() + ": " + key.name));
        StringBuilder text = new StringBuilder(newest.toString());
        names.forEach((machine, cases) ->
                text.append("\n\nOf another run are ")
                        .append(String.join("; ", cases))
                        .append(" — ")
                        .append(machine));
        return text.toString();
    }
}
