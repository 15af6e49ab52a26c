package io.hyperactor.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.Protocols.Counter;
import io.hyperactor.wire.Protocols.Everything;
import io.hyperactor.wire.Protocols.Expression;
import io.hyperactor.wire.Protocols.Tree;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class SignatureTest {

    private static String signature(Class<?> type) {
        return Codecs.standard().type(type).signature();
    }

    @Test
    void aSignatureIsTheStructureWithoutNamesOfPackagesAndComponents() {
        assertThat(signature(Counter.class))
                .isEqualTo("Counter{Add(long,String),Reset(),Get(PortId)}");
        assertThat(signature(String.class)).isEqualTo("String");
        assertThat(signature(Protocols.Collections.class))
                .isEqualTo(
                        "Collections(List<String>,Set<long>,Map<String,List<int>>,Optional<Color[RED,GREEN]>,"
                                + "List<List<Optional<Pair<int,String>(int,String)>>>)");
    }

    @Test
    void aTypeWithinItselfIsNamedOnly() {
        assertThat(signature(Tree.class)).isEqualTo("Tree(int,List<Tree>)");
        assertThat(signature(Expression.class))
                .isEqualTo(
                        "Expression{Literal(long),Sum(Expression,Expression),Maybe(Optional<Expression>)}");
    }

    @Test
    void theSignatureAndHashOfEverythingAreWhatTheyWereInTheFirstRelease() {
        assertThat(signature(Everything.class))
                .isEqualTo(
                        "Everything(Primitives(boolean,byte,short,char,int,long,float,double),"
                                + "Boxes(boolean,byte,short,char,int,long,float,double),"
                                + "Values(String,Duration,Instant,UUID,Color[RED,GREEN],ChannelAddress,ProcId,ActorId,PortId),"
                                + "Collections(List<String>,Set<long>,Map<String,List<int>>,Optional<Color>,"
                                + "List<List<Optional<Pair<int,String>(int,String)>>>),"
                                + "Generics(Pair<String,int>(String,int),"
                                + "Triple<UUID>(UUID,Pair<UUID,List<UUID>>(UUID,List<UUID>),Pair<String,long>(String,long)),"
                                + "List<Shape{Circle(double),Polygon{Square(double),Triangle(double,double,double)}}>),"
                                + "Result<Pair<String,int>>{Ok<Pair<String,int>>(Pair<String,int>),Failed<Pair<String,int>>(String)},"
                                + "Tree(int,List<Tree>),"
                                + "Map<Color,Expression{Literal(long),Sum(Expression,Expression),Maybe(Optional<Expression>)}>)");
        assertThat(Codecs.standard().type(Counter.class).hash()).isEqualTo(-5259051590524342883L);
    }

    @Test
    void theHashIsFnv1a() {
        // The vector for "foobar" from the specification of FNV.
        assertThat(MessageType.fnv1a("foobar")).isEqualTo(0x85944171f73967e8L);
        assertThat(MessageType.fnv1a("")).isEqualTo(0xcbf29ce484222325L);
    }

    @Test
    void theHandlerPortIsMadeOfTheHash() {
        var type = Codecs.standard().type(Counter.class);

        assertThat(type.handlerIndex() >>> 62).isEqualTo(2);
        assertThat(type.handlerIndex() << 2).isEqualTo(type.hash() & ~3L);
    }

    static final class A {
        record Item(int a) {}

        record Both(Item one, B.Item two, Item three, B.Item four) {}

        record Same(Item one, Item two, Item three, Item four) {}
    }

    static final class B {
        record Item(int b) {}
    }

    @Test
    void namesakesAreToldApart() {
        assertThat(signature(A.Both.class)).isEqualTo("Both(Item(int),Item#2(int),Item,Item#2)");
        assertThat(signature(A.Same.class)).isEqualTo("Same(Item(int),Item,Item,Item)");
    }

    @Test
    void anyChangeOfTheStructureChangesTheHash() {
        var hashes = new ArrayList<Long>();
        for (var type :
                List.of(
                        First.M.class,
                        Second.M.class,
                        Third.M.class,
                        Fourth.M.class,
                        Fifth.M.class,
                        Sixth.M.class)) {
            hashes.add(Codecs.standard().type(type).hash());
        }

        assertThat(hashes).doesNotHaveDuplicates();
    }

    // One protocol, and what may become of it.

    static final class First {
        sealed interface M {
            record A(int a, String b) implements First.M {}

            record B() implements First.M {}
        }
    }

    static final class Second {
        sealed interface M {
            record B() implements Second.M {}

            record A(int a, String b) implements Second.M {}
        }
    }

    static final class Third {
        sealed interface M {
            record A(String b, int a) implements Third.M {}

            record B() implements Third.M {}
        }
    }

    static final class Fourth {
        sealed interface M {
            record A(long a, String b) implements Fourth.M {}

            record B() implements Fourth.M {}
        }
    }

    static final class Fifth {
        sealed interface M {
            record A(int a, String b) implements Fifth.M {}
        }
    }

    static final class Sixth {
        sealed interface M {
            record A(int a, String b) implements Sixth.M {}

            record C() implements Sixth.M {}
        }
    }
}
