package io.hyperactor.host;

import io.hyperactor.wire.AddressSyntaxException;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.InvalidNameException;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.function.Function;

/// What a child is to be: handed over in variables and the first line of its control pipe, or to a
/// spare in one line of that pipe.
///
/// @param procId the identity that the proc takes
/// @param backend where it sends everything that is not for itself
/// @param callback where it reports
/// @param token proves that the report is its own
record Assignment(ProcId procId, ChannelAddress backend, ChannelAddress callback, String token) {
    private static final char SEPARATOR = '\t';
    private static final int FIELDS = 4;

    /// The assignment of a child that was launched for one proc.
    ///
    /// @throws HostException.MissingParameter if a variable is absent; the order is proc id,
    ///   backend, callback
    /// @throws HostException.InvalidParameter if one can not be parsed
    static Assignment of(Map<String, String> environment, String token) {
        return new Assignment(
                parse(ProcBoot.PROC_ID, environment.get(ProcBoot.PROC_ID), ProcId::parse),
                parse(
                        ProcBoot.BACKEND_ADDR,
                        environment.get(ProcBoot.BACKEND_ADDR),
                        ChannelAddress::parse),
                parse(
                        ProcBoot.CALLBACK_ADDR,
                        environment.get(ProcBoot.CALLBACK_ADDR),
                        ChannelAddress::parse),
                token);
    }

    /// The assignment of a spare.
    ///
    /// @param line what [#toLine()] gave
    /// @throws HostException.MissingParameter if the line has too few fields
    /// @throws HostException.InvalidParameter if one can not be parsed
    static Assignment of(String line) {
        String[] fields = new String[FIELDS];
        int start = 0;
        for (int i = 0; i < FIELDS; i++) {
            int end = i < FIELDS - 1 ? line.indexOf(SEPARATOR, start) : line.length();
            if (end < 0) {
                break; // the fields that are left are missing
            }
            fields[i] = line.substring(start, end);
            start = end + 1;
        }
        return new Assignment(
                parse(ProcBoot.PROC_ID, fields[0], ProcId::parse),
                parse(ProcBoot.BACKEND_ADDR, fields[1], ChannelAddress::parse),
                parse(ProcBoot.CALLBACK_ADDR, fields[2], ChannelAddress::parse),
                fields[3]);
    }

    private static <T> T parse(String name, @Nullable String text, Function<String, T> parser) {
        if (text == null) {
            throw new HostException.MissingParameter(name);
        }
        try {
            return parser.apply(text);
        } catch (AddressSyntaxException | InvalidNameException e) {
            throw new HostException.InvalidParameter(name, e);
        }
    }
}
