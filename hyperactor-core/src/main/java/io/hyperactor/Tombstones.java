package io.hyperactor;

import io.hyperactor.wire.ActorId;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/// How the actors that ended last have ended, so that a late message can be told. Bounded: the
/// oldest is forgotten first.
final class Tombstones {
    static final int MAX = 1024;

    private final Map<ActorId, ActorStatus> recent = LinkedHashMap.newLinkedHashMap(64);

    synchronized void put(ActorId actor, ActorStatus status) {
        recent.remove(actor);
        recent.put(actor, status);
        if (recent.size() > MAX) {
            recent.remove(recent.keySet().iterator().next());
        }
    }

    synchronized @Nullable ActorStatus get(ActorId actor) {
        return recent.get(actor);
    }
}
