package io.hyperactor.host;

import io.hyperactor.channel.Secret;
import io.hyperactor.wire.AddressSyntaxException;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.InvalidNameException;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What a child is to be: handed over in variables and the first line of its control pipe, or to a
/// spare in one line of that pipe.
///
/// @param procId the identity that the proc takes
/// @param backend where it sends everything that is not for itself
/// @param callback where it reports
/// @param secret what it and its host show each other, on every connection
record Assignment(ProcId procId, ChannelAddress backend, ChannelAddress callback, Secret secret) {
    private static final char SEPARATOR = '\t';
    private static final int FIELDS = 4;

    /// The assignment of a child that was launched for one proc.
    ///
    /// @throws HostException.MissingParameter if a variable is absent; the order is proc id,
    ///   backend, callback
    /// @throws HostException.InvalidParameter if one can not be parsed
    static Assignment of(Map<String, String> environment, Secret secret) {
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
                secret);
    }

    /// The assignment of a spare.
    ///
    /// @param line what [#toLine()] gave
    /// @throws HostException.InvalidParameter if a field is missing or can not be parsed
    static Assignment of(String line) {
        List<String> fields = fields(line);
        return new Assignment(
                parse(ProcBoot.PROC_ID, fields.get(0), ProcId::parse),
                parse(ProcBoot.BACKEND_ADDR, fields.get(1), ChannelAddress::parse),
                parse(ProcBoot.CALLBACK_ADDR, fields.get(2), ChannelAddress::parse),
                secret(fields.get(3)));
    }

    /// At least four: those that are missing are empty. Without a regular expression, for a proc is
    /// waited for.
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>(FIELDS);
        for (int start = 0; start <= line.length(); ) {
            int end = line.indexOf(SEPARATOR, start);
            end = end < 0 ? line.length() : end;
            fields.add(line.substring(start, end));
            start = end + 1;
        }
        while (fields.size() < FIELDS) {
            fields.add("");
        }
        return fields;
    }

    /// The line for a spare. No part of it can hold the separator or the end of a line: addresses
    /// and names have no control characters.
    String toLine() {
        return procId.toString()
                + SEPARATOR
                + backend
                + SEPARATOR
                + callback
                + SEPARATOR
                + secret.reveal();
    }

    /// @throws HostException.InvalidParameter if it is none
    static Secret secret(String text) {
        try {
            return Secret.parse(text);
        } catch (IllegalArgumentException e) {
            throw new HostException.InvalidParameter("secret", e);
        }
    }

    static <T> T parse(String name, @Nullable String text, Function<String, T> parser) {
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
