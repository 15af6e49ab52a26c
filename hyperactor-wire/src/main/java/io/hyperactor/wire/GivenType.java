package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;

/// A generic class with its arguments, equal to the JDK's own one of the same parts.
final class GivenType implements ParameterizedType {

    private final Class<?> raw;
    private final List<Type> arguments;

    GivenType(Class<?> raw, List<Type> arguments) {
        this.raw = raw;
        this.arguments = arguments;
    }

    @Override
    public Type[] getActualTypeArguments() {
        return arguments.toArray(new Type[0]);
    }

    @Override
    public Type getRawType() {
        return raw;
    }

    @Override
    public @Nullable Type getOwnerType() {
        return raw.getDeclaringClass();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ParameterizedType that
                && raw.equals(that.getRawType())
                && Objects.equals(getOwnerType(), that.getOwnerType())
                && arguments.equals(List.of(that.getActualTypeArguments()));
    }

    @Override
    public int hashCode() {
        // As the JDK's: its equals takes any implementation, so equal ones must hash alike.
        return List.of(getActualTypeArguments()).hashCode()
                ^ Objects.hashCode(getOwnerType())
                ^ raw.hashCode();
    }

    @Override
    public String toString() {
        var text = new StringJoiner(", ", raw.getName() + "<", ">");
        for (var argument : arguments) {
            text.add(argument.getTypeName());
        }
        return text.toString();
    }
}
