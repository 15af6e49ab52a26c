package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;

class CommandSpecTest {
    private static CommandSpec spec() {
        return CommandSpec.of("test", "Tests.")
                .flag("--json", "Print JSON.")
                .flag("-f", "--follow", "Go on.")
                .value("--host", "ADDRESS", "The host.")
                .value("-n", "--lines", "N", "How many.")
                .values("--flag", "FLAG", "A flag.")
                .arguments("NAME", 1, "The names.");
    }

    private static Optional<Arguments> parse(String... words) {
        return spec().parse(List.of(words));
    }

    private static Arguments given(String... words) {
        return parse(words).orElseThrow();
    }

    @Test
    void argumentsMayStandBeforeBetweenAndAfterOptions() {
        Arguments arguments = given("a", "--json", "b", "--host", "h", "c");
        assertThat(arguments.positional()).containsExactly("a", "b", "c");
        assertThat(arguments.has("--json")).isTrue();
        assertThat(arguments.has("--follow")).isFalse();
        assertThat(arguments.value("--host")).contains("h");
    }

    @Test
    void whatFollowsTwoDashesIsNoOption() {
        Arguments arguments = given("--json", "--", "--host", "-f", "--help");
        assertThat(arguments.positional()).containsExactly("--host", "-f", "--help");
        assertThat(arguments.has("--follow")).isFalse();
    }

    @Test
    void valuesAreTakenAsTheyAre() {
        assertThat(given("--host=", "a").value("--host")).contains("");
        assertThat(given("--host", "", "a").value("--host")).contains("");
        assertThat(given("--host=a=b", "a").value("--host")).contains("a=b");
        assertThat(given("--host=\"a\"", "a").value("--host")).contains("\"a\"");
        assertThat(given("--host", "'a'", "a").value("--host")).contains("'a'");
        assertThat(given("\"a\"", "", "-").positional()).containsExactly("\"a\"", "", "-");
    }

    @Test
    void aValueMayLookLikeAnOptionThatThereIsNot() {
        Arguments arguments =
                given("--flag", "-Xmx64m", "--flag=--json", "--flag", "--enable-preview", "a");
        assertThat(arguments.values("--flag"))
                .containsExactly("-Xmx64m", "--json", "--enable-preview");
        assertThat(given("--flag", "-json", "a").values("--flag")).containsExactly("-json");
        assertThat(given("--lines", "-5", "a").number("--lines")).contains(-5);
        assertThat(given("a").values("--flag")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-n5", "-n=5", "-n 5", "-fn5", "-fn 5", "--lines=5", "--lines 5"})
    void lettersStandForOptions(String words) {
        Arguments arguments = given(("a " + words).split(" ", -1));
        assertThat(arguments.number("--lines")).contains(5);
        assertThat(arguments.has("--follow")).isEqualTo(words.startsWith("-f"));
        assertThat(arguments.positional()).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a --js|unknown option: '--js'",
                "a --hos=x|unknown option: '--hos=x'",
                "a -json|unknown option: '-json'",
                "a -flag=x|unknown option: '-flag=x'",
                "a -flagx|unknown option: '-flagx'",
                "a -fx|unknown option: '-fx'",
                "a ---json|unknown option: '---json'",
                "a --json=true|option '--json' takes no value",
                "a --host|missing required parameter for option '--host' (ADDRESS)",
                "a --host --json|missing required parameter for option '--host' (ADDRESS)",
                "a -n|missing required parameter for option '--lines' (N)",
                "a --json --json|option '--json' can be given only once",
                "a --host b --host c|option '--host' can be given only once",
                "--json|missing required parameter: 'NAME'"
            })
    void whatDoesNotFitIsNamed(String words, String message) {
        assertThatExceptionOfType(CliException.Usage.class)
                .isThrownBy(() -> parse(words.split(" ")))
                .withMessage(message);
    }

    @Test
    void aNumberIsAnInteger() {
        for (String text : List.of("many", "3.5", "0x2", "", "99999999999")) {
            Arguments arguments = given("a", "--lines=" + text);
            assertThatExceptionOfType(CliException.Usage.class)
                    .isThrownBy(() -> arguments.number("--lines"))
                    .withMessage(
                            "invalid value for option '--lines': '" + text + "' is not an int");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--help", "a --help", "--dance --help", "--host --help", "-fh"})
    void whoAsksForHelpGetsItWhateverElseIsWrong(String words) {
        assertThat(parse(words.split(" "))).isEmpty();
    }

    @Test
    void exactlyOneArgumentIsNoMoreAndNoLess() {
        CommandSpec one = CommandSpec.of("test", "Tests.").argument("DIR", "The folder.");
        assertThat(one.parse(List.of("a")).orElseThrow().positional()).containsExactly("a");
        for (List<String> words : List.of(List.<String>of(), List.of("a", "b"))) {
            assertThatExceptionOfType(CliException.Usage.class).isThrownBy(() -> one.parse(words));
        }
    }

    @Test
    void helpSaysWhatThereIsInEightyColumns() {
        CommandSpec spec =
                spec().values(
                                "--certificates-of",
                                "NAME[,NAME...]",
                                "Those whose names are so many that this does not fit on one line.");
        assertThat(new HelpText("hyperactor test", spec).lines())
                .containsExactly(
                        "Usage: hyperactor test [-h] [--json] [-f] [--host=ADDRESS] [-n N]",
                        "                       [--flag=FLAG]... [--certificates-of=NAME[,NAME...]]...",
                        "                       NAME...",
                        "Tests.",
                        "      NAME...         The names.",
                        "  -h, --help          Print this help.",
                        "      --json          Print JSON.",
                        "  -f, --follow        Go on.",
                        "      --host=ADDRESS  The host.",
                        "  -n, --lines=N       How many.",
                        "      --flag=FLAG     A flag.",
                        "      --certificates-of=NAME[,NAME...]",
                        "                      Those whose names are so many that this does not fit on",
                        "                      one line.");
    }
}
