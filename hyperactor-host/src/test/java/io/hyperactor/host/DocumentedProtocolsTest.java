package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.ProcAgentMessage;
import io.hyperactor.Protocols;
import io.hyperactor.wire.MessageType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;

/// `docs/wire-format.md` says what the protocols of a host are: who writes a program in another
/// language has nothing else.
class DocumentedProtocolsTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "wire-format.md");

    @ParameterizedTest
    @ValueSource(
            classes = {
                ChildMessage.class,
                HostAgentMessage.class,
                HostAgentMessage.SpawnReply.class,
                HostAgentMessage.EndReply.class,
                HostAgentMessage.LogsReply.class,
                HostAgentMessage.FollowReply.class,
                HostAgentMessage.FeedReply.class,
                HostAgentMessage.ProcNews.class,
                LogBatch.class,
                ProcAgentMessage.class,
                ProcAgentMessage.Spawned.class,
                ProcAgentMessage.Report.class,
            })
    void theHashOfAProtocolStandsThere(Class<?> root) throws Exception {
        MessageType<?> type = Protocols.codecs().type(root);
        assertThat(Files.readString(DOCUMENT))
                .as("%s: %s", type.name(), type.signature())
                .contains("`0x" + String.format("%016x", type.hash()) + "`");
    }
}
