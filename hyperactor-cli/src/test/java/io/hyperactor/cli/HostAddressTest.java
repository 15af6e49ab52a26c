package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

class HostAddressTest {
    private static final Shell PLAIN = new TestShell().shell();

    private static Shell with(String variable) {
        return new TestShell().variable(HostAddress.VARIABLE, variable).shell();
    }

    @Test
    void theOptionComesFirst() {
        assertThat(HostAddress.toDial("unix:/a", with("unix:/b"))).hasToString("unix:/a");
        assertThat(HostAddress.toServe("unix:/a", with("unix:/b"))).hasToString("unix:/a");
    }

    @Test
    void theVariableComesSecond() {
        assertThat(HostAddress.toDial(null, with("unix:/b"))).hasToString("unix:/b");
        assertThat(HostAddress.toServe(null, with("unix:/b"))).hasToString("unix:/b");
    }

    @Test
    void thePrivateSocketComesLast() {
        String expected = "unix:" + TestShell.RUNTIME_DIRECTORY.resolve("host.sock");
        assertThat(HostAddress.toDial(null, PLAIN)).hasToString(expected);
        assertThat(HostAddress.toServe(null, with(""))).hasToString(expected);
        assertThat(HostAddress.isDefault(ChannelAddress.parse(expected), PLAIN)).isTrue();
        assertThat(HostAddress.isDefault(ChannelAddress.parse("unix:/a"), PLAIN)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/a", "file:/a", "tcp:host", "tcp:host:99999", "unix:/a,b", "local:7"})
    void whatCannotBeAnAddressIsRefusedWithItsSource(String text) {
        assertThatThrownBy(() -> HostAddress.toDial(text, PLAIN))
                .isInstanceOf(CliException.Usage.class)
                .hasMessageStartingWith("--host: ");
        assertThatThrownBy(() -> HostAddress.toServe(text, PLAIN))
                .isInstanceOf(CliException.Usage.class)
                .hasMessageStartingWith("--listen: ");
    }

    @Test
    void aBadVariableIsNamed() {
        assertThatThrownBy(() -> HostAddress.toDial(null, with("nonsense")))
                .isInstanceOf(CliException.Usage.class)
                .hasMessageStartingWith("HYPERACTOR_ADDRESS: ");
    }

    @Test
    void aPathThatIsTooLongForASocketIsRefused() {
        String path = "/" + "x".repeat(108);
        assertThatThrownBy(() -> HostAddress.toServe("unix:" + path, PLAIN))
                .isInstanceOf(CliException.Usage.class)
                .hasMessageContaining("at most 107 bytes");
        var deep = new TestShell().runtimeDirectory(Path.of(path)).shell();
        assertThatThrownBy(() -> HostAddress.toDial(null, deep))
                .isInstanceOf(CliException.Usage.class)
                .hasMessageContaining("default address")
                .hasMessageContaining("at most 107 bytes");
    }

    @Test
    void aHostIsServedButNotDialledAtASocketWithoutAName() {
        assertThat(HostAddress.toServe("unix:", PLAIN)).isInstanceOf(ChannelAddress.Unix.class);
        assertThatThrownBy(() -> HostAddress.toDial("unix:", PLAIN))
                .isInstanceOf(CliException.Usage.class)
                .hasMessageContaining("path is missing");
    }

    @Test
    void ofAnAliasTheDialSideIsDialled() {
        String alias = "tcp:name:80@tcp:10.0.0.1:81";
        assertThat(HostAddress.toDial(alias, PLAIN)).hasToString("tcp:name:80");
    }
}
