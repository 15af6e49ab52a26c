package io.hyperactor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The actor types that a proc may be asked to spawn, by name: a closed list, fixed when the proc
/// starts.
public final class ActorTypes {
    private final Map<String, ActorDefinition<?>> byName;

    private ActorTypes(Map<String, ActorDefinition<?>> byName) {
        this.byName = byName;
    }

    /// The list of these.
    ///
    /// @throws IllegalArgumentException if two have the same name
    public static ActorTypes of(ActorDefinition<?>... definitions) {
        Map<String, ActorDefinition<?>> byName = new LinkedHashMap<>();
        for (ActorDefinition<?> definition : definitions) {
            if (byName.put(definition.name(), definition) != null) {
                throw new IllegalArgumentException("two actor types '" + definition.name() + "'");
            }
        }
        return new ActorTypes(byName);
    }

    /// The names, in the order given.
    public Set<String> names() {
        return java.util.Collections.unmodifiableSet(byName.keySet());
    }

    /// The definition of this name.
    ///
    /// @throws HyperactorException.UnknownActorType if there is none of this name
    ActorDefinition<?> find(String name) {
        ActorDefinition<?> definition = byName.get(name);
        if (definition == null) {
            throw new HyperactorException.UnknownActorType(name, this);
        }
        return definition;
    }
}
