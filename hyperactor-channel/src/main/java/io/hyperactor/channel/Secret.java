package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// 128 bits that prove something by being known: who dials a server, or whose session it is.
/// Nothing shows them but [#reveal()].
///
/// @param high the first half
/// @param low the second half
public record Secret(long high, long low) {
    static final int BYTES = 16;

    /// What who has none shows. It matches nothing.
    public static final Secret NONE = new Secret(0, 0);

    private static final RandomGenerator RANDOM = new Secrets();

    /// One that nobody else has.
    public static Secret random() {
        return next(RANDOM);
    }

    static Secret next(RandomGenerator secrets) {
        Secret made = new Secret(secrets.nextLong(), secrets.nextLong());
        return made.isNone() ? next(secrets) : made;
    }

    /// Reads what [#reveal()] gave.
    ///
    /// @throws IllegalArgumentException for anything but 32 hexadecimal digits; it does not say
    ///   what they were
    public static Secret parse(String text) {
        try {
            if (text.length() == 2 * BYTES) {
                return new Secret(
                        HexFormat.fromHexDigitsToLong(text, 0, BYTES),
                        HexFormat.fromHexDigitsToLong(text, BYTES, 2 * BYTES));
            }
        } catch (IllegalArgumentException e) {
            // Its message holds the text.
        }
        throw new IllegalArgumentException("a secret has 32 hexadecimal digits");
    }

    /// Whether it is [#NONE].
    public boolean isNone() {
        return (high | low) == 0;
    }

    /// Is it the same? Takes the same time whatever the difference, and [#NONE] matches nothing.
    public boolean matches(Secret other) {
        long difference = (high ^ other.high) | (low ^ other.low);
        return !isNone() && difference == 0;
    }

    /// Its 32 hexadecimal digits: for the one who is to know it, by a way that nobody else reads.
    public String reveal() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }

    // By hand, for those of a record are linked anew in each process that starts.

    @Override
    public int hashCode() {
        return Long.hashCode(high ^ low);
    }

    /// For tables; to judge what somebody shows there is [#matches].
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret that && high == that.high && low == that.low;
    }

    /// Not for logs.
    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
