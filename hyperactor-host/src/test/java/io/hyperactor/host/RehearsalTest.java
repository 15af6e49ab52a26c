package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.ActorTypes;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgent;
import io.hyperactor.wire.ActorId;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

class RehearsalTest {
    private final List<Proc> procs = new CopyOnWriteArrayList<>();

    @Test
    void aWholeLifeIsLivedAndNothingOfItIsLeft() throws Exception {
        Rehearsal.run(proc -> {
            procs.add(proc);
            var _ = proc.spawn(EchoActor.NAME, EchoActor.TYPE);
            return proc.spawn(ProcAgent.NAME, ProcAgent.type(ActorTypes.of(EchoActor.TYPE)));
        });

        assertThat(procs).hasSize(1);
        assertThat(procs.getFirst().actors()).isEmpty();
        assertThat(procs.getFirst().ended().join().stopped())
                .extracting(ActorId::name)
                .containsExactlyInAnyOrder(EchoActor.NAME, ProcAgent.NAME, "rehearsed");
        assertThat(RehearsalFolder.of("", ProcessHandle.current().pid())).doesNotExist();
    }

    @Test
    void aProcThatCannotDoItsPartIsAnError() {
        assertThatThrownBy(() ->
                        Rehearsal.run(proc -> {
                            throw new IllegalStateException("no agent");
                        }))
                .isInstanceOf(HostException.AgentSpawnFailure.class);
        assertThat(RehearsalFolder.of("", ProcessHandle.current().pid())).doesNotExist();
    }
}
