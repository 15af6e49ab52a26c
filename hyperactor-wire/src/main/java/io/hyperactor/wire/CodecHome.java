package io.hyperactor.wire;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Objects;

/// The package in which generated code may touch a record.
///
/// That is this module's own for what is public and exported, and the record's own for everything
/// else, as a nest mate of the record, so that it may be private.
final class CodecHome {

    private static final Lookup OWN = MethodHandles.lookup();
    private static final Module OWN_MODULE = CodecHome.class.getModule();
    private static final String DOOR = "HyperactorWireDoor";

    private final Class<?> record;
    private final Lookup lookup;

    private CodecHome(Class<?> record, Lookup lookup) {
        this.record = record;
        this.lookup = lookup;
    }

    static CodecHome of(Class<?> record, List<RecordField> fields) {
        boolean isReachable = isReachable(record);
        for (var field : fields) {
            isReachable &= isReachable(field.erased());
        }
        return new CodecHome(record, isReachable ? OWN : within(record));
    }

    String packageName() {
        return lookup.lookupClass().getPackageName();
    }

    /// Defines a hidden class and makes its one instance.
    Codec<?> define(byte[] bytes, Codec<?>[] codecs) {
        var options =
                lookup == OWN
                        ? new Lookup.ClassOption[0]
                        : new Lookup.ClassOption[] {Lookup.ClassOption.NESTMATE};
        try {
            var hidden = lookup.defineHiddenClass(bytes, true, options);
            var constructor = MethodType.methodType(void.class, Codec[].class);
            return (Codec<?>)
                    hidden.findConstructor(hidden.lookupClass(), constructor)
                            .invoke((Object) codecs);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new UnsupportedTypeException(
                    WireType.nestedName(record), "its codec cannot be defined", e);
        }
    }

    /// Whether code of this module can name the class and use what is public in it.
    private static boolean isReachable(Class<?> type) {
        if (type.isPrimitive()) {
            return true;
        }
        if (type.isArray()) {
            return isReachable(type.componentType());
        }
        if (!Modifier.isPublic(type.getModifiers())
                || !type.getModule().isExported(type.getPackageName(), OWN_MODULE)
                || !isVisible(type)) {
            return false;
        }
        OWN_MODULE.addReads(type.getModule());
        return true;
    }

    /// By parents alone: a class of any other loader would have to be asked for by its name.
    private static boolean isVisible(Class<?> type) {
        var loader = CodecHome.class.getClassLoader();
        while (loader != null && !loader.equals(type.getClassLoader())) {
            loader = loader.getParent();
        }
        return Objects.equals(loader, type.getClassLoader());
    }

    private static Lookup within(Class<?> record) {
        checkOpen(record);
        OWN_MODULE.addReads(record.getModule());
        try {
            var lookup = MethodHandles.privateLookupIn(record, OWN);
            return lookup.hasFullPrivilegeAccess()
                    ? lookup
                    : MethodHandles.privateLookupIn(record, door(lookup));
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedTypeException(
                    WireType.nestedName(record), "it cannot be accessed", e);
        }
    }

    private static void checkOpen(Class<?> record) {
        var module = record.getModule();
        if (!module.isOpen(record.getPackageName(), OWN_MODULE)) {
            var to = OWN_MODULE.isNamed() ? " to " + OWN_MODULE.getName() : "";
            throw new UnsupportedTypeException(
                    WireType.nestedName(record),
                    "is not accessible: make it public in an exported package, or add 'opens "
                            + (record.getPackageName() + to + ";' to module " + module.getName()));
        }
    }

    /// A lookup of the record's own module. One that crossed modules cannot define hidden classes,
    /// but it can define one ordinary class, once per package, which then looks from within.
    private static Lookup door(Lookup crossed) throws ReflectiveOperationException {
        var name = crossed.lookupClass().getPackageName() + "." + DOOR;
        Class<?> door;
        try {
            door = crossed.findClass(name);
        } catch (ClassNotFoundException first) {
            door = defineDoor(crossed, name);
        }
        try {
            return (Lookup)
                    crossed.findStatic(door, "lookup", MethodType.methodType(Lookup.class))
                            .invoke();
        } catch (ReflectiveOperationException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new ReflectiveOperationException(e);
        }
    }

    private static Class<?> defineDoor(Lookup crossed, String name)
            throws ReflectiveOperationException {
        var bytes = ClassFile.of().build(ClassDesc.of(name), CodecHome::openDoor);
        try {
            return crossed.defineClass(bytes);
        } catch (LinkageError raced) {
            return crossed.findClass(name);
        }
    }

    /// Adds `static Lookup lookup() { return MethodHandles.lookup(); }`.
    private static void openDoor(ClassBuilder door) {
        var methodHandles = MethodHandles.class.describeConstable().orElseThrow();
        var lookup = MethodTypeDesc.of(ConstantDescs.CD_MethodHandles_Lookup);
        door.withMethodBody(
                "lookup",
                lookup,
                ClassFile.ACC_STATIC,
                code -> code.invokestatic(methodHandles, "lookup", lookup).areturn());
    }
}
