package io.hyperactor.system;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;

/// Finds `synchronized`, methods and blocks; of blocks ArchUnit itself sees nothing.
final class Monitors {
    private Monitors() {}

    static ArchCondition<JavaClass> use() {
        return new ArchCondition<>("use monitors") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                events.add(
                        new SimpleConditionEvent(
                                type, isUsedBy(type), type.getName() + " uses a monitor"));
            }
        };
    }

    private static boolean isUsedBy(JavaClass type) {
        var source = type.getSource().orElseThrow();
        try (InputStream in = source.getUri().toURL().openStream()) {
            return ClassFile.of().parse(in.readAllBytes()).methods().stream()
                    .anyMatch(Monitors::isUsedBy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isUsedBy(MethodModel method) {
        return method.flags().has(AccessFlag.SYNCHRONIZED)
                || method.code()
                        .map(body ->
                                body.elementStream().anyMatch(MonitorInstruction.class::isInstance))
                        .orElse(false);
    }
}
