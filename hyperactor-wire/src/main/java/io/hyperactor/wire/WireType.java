package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A type without variables or wildcards, which is what bytes can be given for.
///
/// @param raw the class
/// @param arguments one for each of its type parameters
record WireType(Class<?> raw, List<WireType> arguments) {

    /// A record component with the type it has in a given use of the record.
    record Component(RecordComponent component, WireType type) {}

    static WireType of(Type type, String path) {
        return of(type, Map.of(), path);
    }

    private static WireType of(Type type, Map<TypeVariable<?>, WireType> bindings, String path) {
        if (type instanceof Class<?> raw) {
            if (raw.getTypeParameters().length > 0) {
                throw unsupported(path, type, "lacks its type arguments");
            }
            return new WireType(raw, List.of());
        }
        if (type instanceof ParameterizedType generic) {
            var arguments = new ArrayList<WireType>();
            for (var argument : generic.getActualTypeArguments()) {
                arguments.add(of(argument, bindings, path));
            }
            return new WireType((Class<?>) generic.getRawType(), List.copyOf(arguments));
        }
        if (type instanceof WildcardType wildcard
                && wildcard.getLowerBounds().length == 0
                && wildcard.getUpperBounds()[0] != Object.class) {
            return of(wildcard.getUpperBounds()[0], bindings, path);
        }
        var bound = type instanceof TypeVariable<?> variable ? bindings.get(variable) : null;
        if (bound == null) {
            throw unsupported(path, type, "has no codec");
        }
        return bound;
    }

    private static UnsupportedTypeException unsupported(String path, Type type, String why) {
        return new UnsupportedTypeException(path, type.getTypeName() + " " + why);
    }

    boolean isSealedInterface() {
        return raw.isInterface() && raw.isSealed();
    }

    /// The components of a record, in order.
    List<Component> components() {
        var bindings = new HashMap<TypeVariable<?>, WireType>();
        var parameters = raw.getTypeParameters();
        for (int i = 0; i < parameters.length; i++) {
            bindings.put(parameters[i], arguments.get(i));
        }
        var components = new ArrayList<Component>();
        for (var component : raw.getRecordComponents()) {
            var path = nestedName(raw) + "." + component.getName();
            components.add(
                    new Component(component, of(component.getGenericType(), bindings, path)));
        }
        return components;
    }

    List<WireType> componentTypes() {
        var types = new ArrayList<WireType>();
        for (var component : components()) {
            types.add(component.type());
        }
        return types;
    }

    /// What a sealed interface permits, in the order of its declaration.
    ///
    /// The JDK's contract leaves that order open, but the VM keeps the one of the class file. If
    /// another VM did not, the signatures would differ and nothing would be misread.
    List<WireType> permits() {
        var permitted = new ArrayList<WireType>();
        for (var subclass : raw.getPermittedSubclasses()) {
            permitted.add(subtype(subclass));
        }
        return permitted;
    }

    private WireType subtype(Class<?> subclass) {
        var bindings = new HashMap<TypeVariable<?>, WireType>();
        for (var parent : subclass.getGenericInterfaces()) {
            if (parent instanceof ParameterizedType generic && generic.getRawType() == raw) {
                var given = generic.getActualTypeArguments();
                for (int i = 0; i < given.length; i++) {
                    if (given[i] instanceof TypeVariable<?> variable) {
                        bindings.put(variable, arguments.get(i));
                    }
                }
            }
        }
        var subclassArguments = new ArrayList<WireType>();
        for (var parameter : subclass.getTypeParameters()) {
            subclassArguments.add(of(parameter, bindings, nestedName(subclass)));
        }
        return new WireType(subclass, List.copyOf(subclassArguments));
    }

    /// The type as the JDK would give it.
    Type asType() {
        return arguments.isEmpty() ? raw : new GivenType(raw, argumentTypes());
    }

    List<Type> argumentTypes() {
        var types = new ArrayList<Type>();
        for (var argument : arguments) {
            types.add(argument.asType());
        }
        return List.copyOf(types);
    }

    /// The simple name with those of the arguments, for example `Pair<String,long>`. A box is named
    /// like what is in it, and a buffer like an array, for their bytes are the same.
    String label() {
        return label(Standard.named(raw).getSimpleName());
    }

    /// Like [#label()], but with the names of the classes around the class, for example
    /// `Counter.Message`.
    String qualifiedLabel() {
        return label(nestedName(Standard.named(raw)));
    }

    private String label(String name) {
        if (arguments.isEmpty()) {
            return name;
        }
        var out = new StringBuilder(name).append('<');
        for (int i = 0; i < arguments.size(); i++) {
            out.append(i == 0 ? "" : ",").append(arguments.get(i).label());
        }
        return out.append('>').toString();
    }

    // By hand, as in the ids: linking the generated ones takes a proc milliseconds of its start.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WireType that
                && raw == that.raw
                && arguments.equals(that.arguments);
    }

    @Override
    public int hashCode() {
        return raw.hashCode() * 31 + arguments.hashCode();
    }

    /// The name of a class without its package, for example `CounterMessage.Add`.
    static String nestedName(Class<?> type) {
        var outer = type.getDeclaringClass();
        return outer == null
                ? type.getSimpleName()
                : nestedName(outer) + "." + type.getSimpleName();
    }

    @Override
    public String toString() {
        return asType().getTypeName();
    }
}
