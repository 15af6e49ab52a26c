package io.hyperactor.system;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;

import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;

/// The rules between modules, and within them, that neither Maven nor javac can see. (That nobody
/// uses `sun.misc.Unsafe` javac sees to: its warning cannot be suppressed, and warnings are
/// errors.)
final class ModuleRules {
    private ModuleRules() {}

    /// The rules for the modules whose packages start with `root`.
    static List<ArchRule> of(String root) {
        return List.of(
                dependenciesPointDown(root),
                packagesHaveNoCycles(root),
                bytesNeverBecomeObjectsOfAnyClass(root),
                classesAreNotFoundByName(root),
                librariesDoNotPrint(root),
                nobodyIsBlockedInAMonitor(root),
                nobodyIsBlockedInAMonitorOfTheJdk(root));
    }

    private static ArchRule dependenciesPointDown(String root) {
        return layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("wire")
                .definedBy(root + ".wire..")
                .layer("channel")
                .definedBy(root + ".channel..")
                .layer("core")
                .definedBy(root)
                .layer("host")
                .definedBy(root + ".host..")
                .layer("cli")
                .definedBy(root + ".cli..")
                .whereLayer("wire")
                .mayNotAccessAnyLayer()
                .whereLayer("channel")
                .mayOnlyAccessLayers("wire")
                .whereLayer("core")
                .mayOnlyAccessLayers("wire", "channel")
                .whereLayer("host")
                .mayOnlyAccessLayers("wire", "channel", "core")
                .as("wire <- channel <- core <- host <- cli, and nothing points the other way");
    }

    private static ArchRule packagesHaveNoCycles(String root) {
        String parent = root.substring(0, root.lastIndexOf('.'));
        return slices().matching(parent + ".(**)")
                .should()
                .beFreeOfCycles()
                .as("packages do not depend on each other in a circle");
    }

    private static ArchRule bytesNeverBecomeObjectsOfAnyClass(String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .as("nobody reads Java serialization");
    }

    private static ArchRule classesAreNotFoundByName(String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .callMethod(Class.class, "forName", String.class)
                .orShould()
                .callMethod(Class.class, "forName", String.class, boolean.class, ClassLoader.class)
                .orShould()
                .callMethod(Class.class, "forName", Module.class, String.class)
                .orShould()
                .callMethod(ClassLoader.class, "loadClass", String.class)
                .as("nobody finds a class by its name");
    }

    /// A virtual thread that waits for a monitor, or in one, may never be woken again (before
    /// 25.0.4): the locks of `java.util.concurrent` have to do. Those of core are held for a few
    /// steps, in which nobody waits; it may go on to use them.
    private static ArchRule nobodyIsBlockedInAMonitor(String root) {
        return noClasses()
                .that()
                .resideInAnyPackage(
                        root + ".wire..", root + ".channel..", root + ".host..", root + ".cli..")
                .should(Monitors.use())
                .as("nobody is blocked in a monitor");
    }

    /// The same of monitors that others bring.
    private static ArchRule nobodyIsBlockedInAMonitorOfTheJdk(String root) {
        return noClasses()
                .that()
                .resideInAnyPackage(
                        root + ".wire..", root + ".channel..", root + ".host..", root + ".cli..")
                .should()
                .callMethodWhere(
                        target(owner(type(Collections.class)))
                                .and(target(nameStartingWith("synchronized"))))
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Hashtable.class, Vector.class, StringBuffer.class)
                .as("nobody uses a class of the JDK for its monitors");
    }

    private static ArchRule librariesDoNotPrint(String root) {
        return noClasses()
                .that()
                .resideInAnyPackage(root, root + ".wire..", root + ".channel..", root + ".host..")
                .should()
                .accessField(System.class, "out")
                .as("libraries do not write to standard output");
    }
}
