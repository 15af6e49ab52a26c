package io.hyperactor.host;

import io.hyperactor.NewsTypes;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.Protocols;
import io.hyperactor.wire.CodecFuzz;
import io.hyperactor.wire.MessageType;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The protocols of the runtime itself, whose refs and ids are written as texts, and what it says
/// about messages: decoded, encoded and decoded again they are the same.
public final class ProtocolFuzz {
    /// The first byte of an input picks one of these.
    private static final List<MessageType<?>> TYPES =
            Stream.<MessageType<?>>concat(
                            Stream.of(
                                    Protocols.of(ProcAgentMessage.class),
                                    Protocols.of(HostAgentMessage.class),
                                    ChildMessage.type(),
                                    Protocols.of(HostAgentMessage.LogsReply.class)),
                            NewsTypes.all().stream())
                    .toList();

    private ProtocolFuzz() {}

    /// One input of the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 0) {
            var type = TYPES.get((input[0] & 0xFF) % TYPES.size());
            CodecFuzz.check(type, Arrays.copyOfRange(input, 1, input.length), false);
        }
    }
}
