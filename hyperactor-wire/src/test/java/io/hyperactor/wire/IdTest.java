package io.hyperactor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperactor.wire.AddressSyntaxException.Reason;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.function.Function;

class IdTest {

    private static final ProcId PROC = ProcId.parse("unix:@Xy12,proc1");

    private static AddressSyntaxException refusal(Function<String, Id> parser, String text) {
        var refusal = catchThrowableOfType(AddressSyntaxException.class, () -> parser.apply(text));
        assertThat(refusal).as(text).isNotNull();
        return refusal;
    }

    @Test
    void idsHaveTheTextOfTheirParts() {
        var actor = PROC.actor("host_agent", 3);

        assertThat(PROC).hasToString("unix:@Xy12,proc1");
        assertThat(actor).hasToString("unix:@Xy12,proc1,host_agent[3]");
        assertThat(actor.port(7)).hasToString("unix:@Xy12,proc1,host_agent[3][7]");
        assertThat(actor.port(-1))
                .hasToString("unix:@Xy12,proc1,host_agent[3][18446744073709551615]");
        assertThat(actor.port(7).toString("Pair<long,byte[]>"))
                .isEqualTo("unix:@Xy12,proc1,host_agent[3][7<Pair<long,byte[]>>]");
    }

    @Test
    void anIpv6AddressKeepsItsOwnBrackets() {
        var id = ActorId.parse("tcp:[::1]:4000,proc1,echo[0]");

        assertThat(id.proc().address()).hasToString("tcp:[::1]:4000");
        assertThat(id)
                .isEqualTo(id.proc().actor("echo", 0))
                .hasToString("tcp:[::1]:4000,proc1,echo[0]");
    }

    @Test
    void idsParseWithEitherFormOfTheAddress() {
        assertThat(ProcId.parse("tcp://[::1]:1,p")).isEqualTo(ProcId.parse("tcp:[::1]:1,p"));
        assertThat(PortId.parse("local!7,p,a[1][2]")).isEqualTo(PortId.parse("local:7,p,a[1][2]"));
    }

    @Test
    void anAliasInAnIdIsItsDialSide() {
        var proc = ProcId.parse("tcp://a:1@tcp://b:2,p");

        assertThat(proc).isEqualTo(ProcId.parse("tcp:a:1,p")).hasToString("tcp:a:1,p");
    }

    @Test
    void thePidMayBeLeftOut() {
        assertThat(ActorId.parse("local:1,p,a")).isEqualTo(ActorId.parse("local:1,p,a[0]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Type", "unknown", "Map<String,byte[]>", ">", "]", "a[0][1]"})
    void theTypeOfAPortIsIgnored(String type) {
        var port = PortId.parse("local:1,p,a[0][7]");

        assertThat(PortId.parse("local:1,p,a[0][7<" + type + ">]")).isEqualTo(port);
        assertThat(PortId.parse(port.toString(type))).isEqualTo(port);
    }

    @Test
    void theTextOfAnyIdParsesBackToItAndToNothingElse() {
        Seeded.run(
                20_000,
                random -> {
                    var port = Seeded.port(random);
                    var actor = port.actor();
                    var proc = port.proc();

                    assertThat(PortId.parse(port.toString())).isEqualTo(port);
                    assertThat(ActorId.parse(actor.toString())).isEqualTo(actor);
                    assertThat(ProcId.parse(proc.toString())).isEqualTo(proc);
                    for (var id : List.of(proc, actor, port)) {
                        assertThat(Id.parse(id.toString())).isEqualTo(id).hasSameHashCodeAs(id);
                    }
                });
    }

    @Test
    void whatIsCutOffAnIdIsAnErrorOrALessSpecificIdThatIsAllThere() {
        var text = "unix:/run/a.sock,worker-1,counter[12][34]";
        for (int length = 0; length < text.length(); length++) {
            var cut = text.substring(0, length);
            try {
                var id = Id.parse(cut);
                assertThat(cut).as("%s", id).matches("unix:/run/a.sock,[^,]+(,[^,\\[]+(\\[12])?)?");
            } catch (AddressSyntaxException e) {
                assertThat(e.position()).as(cut).isEqualTo(length);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"                    | EMPTY             | 0  | the end",
                "local:1               | TOKEN             | 7  | the end",
                "local:x,p             | NUMBER            | 6  | 'x'",
                "nowhere:1,p           | UNKNOWN_TRANSPORT | 0  | 'nowhere'",
                "here,p                | NO_TRANSPORT      | 0  | 'here'",
                "tcp:a,p               | SOCKET_ADDRESS    | 5  | the end",
                ",p                    | EMPTY             | 0  | the end",
                "local:1,              | NAME              | 8  | the end",
                "local:1,p q           | NAME              | 9  | ' '",
                "local:1,p[0]          | NAME              | 9  | '['",
                "local:1,p,            | NAME              | 10 | the end",
                "local:1,p,[0]         | NAME              | 10 | '['",
                "local:1,p,a b[0]      | NAME              | 11 | ' '",
                "local:1,p,a,b         | NAME              | 11 | ','",
                "local:1,p,a[          | NUMBER            | 12 | the end",
                "local:1,p,a[]         | NUMBER            | 12 | ']'",
                "local:1,p,a[x]        | NUMBER            | 12 | 'x'",
                "local:1,p,a[-1]       | NUMBER            | 12 | '-'",
                "local:1,p,a[1         | TOKEN             | 13 | the end",
                "local:1,p,a[1x]       | TOKEN             | 13 | 'x'",
                "local:1,p,a[1]x       | TOKEN             | 14 | 'x'",
                "local:1,p,a[2147483648] | NUMBER          | 12 | '2147483648'",
                "local:1,p,a[1][       | NUMBER            | 15 | the end",
                "local:1,p,a[1][]      | NUMBER            | 15 | ']'",
                "local:1,p,a[1][<T>]   | NUMBER            | 15 | '<'",
                "local:1,p,a[1][2      | TOKEN             | 16 | the end",
                "local:1,p,a[1][2<     | TOKEN             | 17 | the end",
                "local:1,p,a[1][2<T    | TOKEN             | 18 | the end",
                "local:1,p,a[1][2<>]   | TOKEN             | 19 | the end",
                "local:1,p,a[1][2<T>   | TOKEN             | 19 | the end",
                "local:1,p,a[1][2<T]   | TOKEN             | 19 | the end",
                "local:1,p,a[1][2]]    | TOKEN             | 17 | ']'",
                "local:1,p,a[1][2][3]  | TOKEN             | 17 | '[3]'",
                "local:1,p,a[1][18446744073709551616] | NUMBER | 15 | '18446744073709551616'"
            })
    void malformedIdsAreErrorsThatSayWhereAndWhatForWhateverKindIsAskedFor(
            String text, Reason reason, int position, String found) {
        for (Function<String, Id> parser :
                List.<Function<String, Id>>of(
                        Id::parse, ProcId::parse, ActorId::parse, PortId::parse)) {
            var refusal = refusal(parser, text);

            assertThat(refusal.reason()).as(text).isEqualTo(reason);
            assertThat(refusal.position()).as(text).isEqualTo(position);
            assertThat(refusal.found()).as(text).isEqualTo(found);
            assertThat(refusal.text()).isEqualTo(text);
        }
    }

    @Test
    void anIdOfAnotherKindIsNotReadAsTheOneAskedFor() {
        assertThat(refusal(ProcId::parse, "local:1,p,a[0]"))
                .hasMessage(
                        "wrong kind of id: expected the id of a proc, found one of an actor at 9 in"
                                + " 'local:1,p,a[0]'");
        assertThat(refusal(ProcId::parse, "local:1,p,a[0][1]"))
                .hasMessageContaining("found one of a port at 9");
        assertThat(refusal(ActorId::parse, "local:1,p,a[0][1]"))
                .hasMessageContaining("expected the id of an actor, found one of a port at 14");
        assertThat(refusal(ActorId::parse, "local:1,p"))
                .hasMessageContaining("expected the id of an actor, found one of a proc at 9");
        assertThat(refusal(PortId::parse, "local:1,p,a"))
                .hasMessageContaining("expected the id of a port, found one of an actor at 11");
        assertThat(refusal(PortId::parse, "local:1,p").reason()).isEqualTo(Reason.KIND);
    }

    @Test
    void theMostSpecificKindWinsWhenAnyIsAskedFor() {
        assertThat(Id.parse("local:1,p")).isInstanceOf(ProcId.class);
        assertThat(Id.parse("local:1,p,a")).isInstanceOf(ActorId.class);
        assertThat(Id.parse("local:1,p,a[1]")).isInstanceOf(ActorId.class);
        assertThat(Id.parse("local:1,p,a[1][2]")).isInstanceOf(PortId.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "_", "0", "A.b-c_d", "9-.", "host_agent"})
    void goodNamesAreKeptAsTheyAre(String name) {
        assertThat(new ProcId(PROC.address(), name).actor(name, 0).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "-a", ".a", "a,b", "a[0]", "a@b", "a<b", "a>b", "a b", "a\tb", "ä", "a/b", "a:b"
            })
    void badNamesAreRefusedAtTheDoor(String name) {
        assertThatExceptionOfType(InvalidNameException.class)
                .isThrownBy(() -> new ProcId(PROC.address(), name))
                .withMessageStartingWith("invalid proc name '");
        assertThatExceptionOfType(InvalidNameException.class)
                .isThrownBy(() -> PROC.actor(name, 0))
                .withMessageStartingWith("invalid actor name '")
                .satisfies(e -> assertThat(e.name()).isEqualTo(name));
    }

    @Test
    void aNameHasAtMost63Characters() {
        assertThat(PROC.actor("x".repeat(63), 0).name()).hasSize(63);
        assertThatExceptionOfType(InvalidNameException.class)
                .isThrownBy(() -> PROC.actor("x".repeat(64), 0));
        assertThat(refusal(Id::parse, "local:1," + "x".repeat(64)).position()).isEqualTo(8 + 63);
    }

    @Test
    void aPidIsNotNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PROC.actor("a", -1))
                .withMessageContaining("pid -1 of actor a");
    }

    @Test
    void theTopBitsOfAnIndexSayWhatKindOfPortItIs() {
        var actor = PROC.actor("a", 0);
        var control = actor.port(PortId.controlIndex(5));
        var handler = actor.port(Codecs.standard().type(String.class).handlerIndex());
        var ephemeral = actor.port(5);

        assertThat(ephemeral).matches(PortId::isEphemeral);
        assertThat(handler).matches(PortId::isHandler);
        assertThat(control).matches(PortId::isControl);
        for (var port : List.of(ephemeral, handler, control)) {
            long kinds =
                    List.of(port.isEphemeral(), port.isHandler(), port.isControl()).stream()
                            .filter(is -> is)
                            .count();
            assertThat(kinds).isEqualTo(1);
            assertThat(PortId.parse(port.toString())).isEqualTo(port);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> PortId.controlIndex(-1));
    }

    @Test
    void idsAreOrderedByTheirPartsFromTheLeft() {
        assertThat(
                        List.of(
                                "local:1,a,z[0]",
                                "local:1,b,a[0]",
                                "local:1,b,a[2]",
                                "local:1,b,a[10]",
                                "local:1,b,b[0]",
                                "local:2,a,a[0]",
                                "unix:/a,a,a[0]"))
                .isEqualTo(
                        List.of(
                                        "unix:/a,a,a[0]",
                                        "local:1,b,a[10]",
                                        "local:2,a,a[0]",
                                        "local:1,a,z[0]",
                                        "local:1,b,b[0]",
                                        "local:1,b,a[2]",
                                        "local:1,b,a[0]")
                                .stream()
                                .map(ActorId::parse)
                                .sorted()
                                .map(ActorId::toString)
                                .toList());
        assertThat(PROC.actor("a", 0).port(-1)).isGreaterThan(PROC.actor("a", 0).port(1));
        assertThat(PROC.actor("a", 0).port(-1)).isLessThan(PROC.actor("a", 1).port(0));
    }

    @Test
    void idsDifferWhenAnyPartDoes() {
        var port = PortId.parse("local:1,p,a[0][7]");

        assertThat(port)
                .isNotEqualTo(PortId.parse("local:2,p,a[0][7]"))
                .isNotEqualTo(PortId.parse("local:1,q,a[0][7]"))
                .isNotEqualTo(PortId.parse("local:1,p,b[0][7]"))
                .isNotEqualTo(PortId.parse("local:1,p,a[1][7]"))
                .isNotEqualTo(PortId.parse("local:1,p,a[0][8]"));
    }

    @Test
    void aProcIsAPrefixOfItsActorsAndPortsAndAnActorOfItsPorts() {
        var port = PortId.parse("local:1,p,a[0][7]");
        var actor = port.actor();
        var proc = actor.proc();

        assertThat(List.of(proc, actor, port)).allMatch(proc::isPrefixOf);
        assertThat(List.of(actor, port)).allMatch(actor::isPrefixOf);
        assertThat(actor.isPrefixOf(proc)).isFalse();
        assertThat(port.isPrefixOf(port)).isTrue();
        assertThat(port.isPrefixOf(actor)).isFalse();
        assertThat(port.isPrefixOf(actor.port(8))).isFalse();
        for (var other : List.of("local:2,p,a[0][7]", "local:1,q,a[0][7]")) {
            assertThat(proc.isPrefixOf(Id.parse(other))).isFalse();
        }
        assertThat(actor.isPrefixOf(Id.parse("local:1,p,a[1][7]"))).isFalse();
        assertThat(actor.isPrefixOf(Id.parse("local:1,p,a[1]"))).isFalse();
    }
}
