package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.TlsIdentity;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

class NetworkOptionsTest {
    private final TestShell shell = new TestShell();

    private HostTarget target(String... options) {
        CommandSpec spec = HostTarget.addTo(CommandSpec.of("test", "Tests."));
        return HostTarget.of(spec.parse(List.of(options)).orElseThrow(), shell.shell());
    }

    private ChannelConfig network(String... options) {
        return target(options).network();
    }

    @Test
    void withoutOptionsThereIsNoTlsAndNothingInsecure() {
        assertThat(network().tls()).isEmpty();
        assertThat(network().insecure()).isFalse();
        assertThat(network("--insecure").insecure()).isTrue();
    }

    @Test
    void threeFilesAreAnIdentity() {
        assertThat(network("--tls-cert", "c", "--tls-key", "k", "--tls-ca", "a").tls())
                .contains(new TlsIdentity(Path.of("c"), Path.of("k"), Path.of("a")));
    }

    @Test
    void variablesStandInForOptions() {
        shell.variable("HYPERACTOR_TLS_CERT", "c").variable("HYPERACTOR_TLS_KEY", "k");
        shell.variable("HYPERACTOR_TLS_CA", "a");
        assertThat(network("--tls-ca", "other").tls())
                .contains(new TlsIdentity(Path.of("c"), Path.of("k"), Path.of("other")));
    }

    @Test
    void someOfTheFilesAreNotEnough() {
        assertThatThrownBy(() -> network("--tls-cert", "c", "--tls-ca", "a"))
                .isInstanceOf(CliException.Usage.class)
                .hasMessageContaining("--tls-key");
    }

    @Test
    void answersComeToTheAddressThatTheHostSees() {
        assertThat(target("--host", "tls:127.0.0.1:9").replyAddress())
                .hasToString("tls:127.0.0.1:0");
        assertThat(target("--host", "tcp:[::1]:9").replyAddress()).hasToString("tcp:[::1]:0");
        assertThat(target("--host", "unix:/a").replyAddress().toString()).isEqualTo("unix:");
        assertThat(target("--host", "tls:127.0.0.1:9", "--reply", "tls:me:7").replyAddress())
                .hasToString("tls:me:7");
    }

    @Test
    void anAnswerCannotGoToNowhere() {
        assertThatThrownBy(() -> target("--reply", "nowhere"))
                .isInstanceOf(CliException.Usage.class)
                .hasMessageContaining("--reply");
    }
}
