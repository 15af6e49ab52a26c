package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// What this module throws. Each kind names the address it is about and keeps its cause.
public abstract sealed class ChannelException extends RuntimeException {
    private final ChannelAddress address;

    private ChannelException(ChannelAddress address, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.address = address;
    }

    /// The address that was served, dialled or offered to.
    public ChannelAddress address() {
        return address;
    }

    /// Somebody else serves the address now.
    public static final class AddressInUse extends ChannelException {
        AddressInUse(ChannelAddress address) {
            super(address, "Address is in use: " + address, null);
        }
    }

    /// The address cannot be served or dialled from here, whoever asks.
    public static final class AddressUnusable extends ChannelException {
        AddressUnusable(ChannelAddress address, String why) {
            this(address, why, null);
        }

        AddressUnusable(ChannelAddress address, String why, @Nullable Throwable cause) {
            super(address, "Address " + address + " cannot be used: " + why, cause);
        }
    }

    /// This version has no such transport.
    public static final class Unsupported extends ChannelException {
        Unsupported(ChannelAddress address) {
            super(
                    address,
                    "Transport " + address.transport() + " is not supported: " + address,
                    null);
        }
    }

    /// Whoever reaches the address could take part, and nobody has said that this is meant.
    public static final class Insecure extends ChannelException {
        Insecure(ChannelAddress address, String why) {
            super(
                    address,
                    "Plain TCP is not used for "
                            + address
                            + ": "
                            + why
                            + ". Use tls:, or say `insecure` (ChannelConfig.withInsecure, --insecure)",
                    null);
        }
    }

    /// The certificates or the key of this process cannot be used.
    public static final class IdentityUnusable extends ChannelException {
        IdentityUnusable(ChannelAddress address, Throwable cause) {
            super(address, "No TLS for " + address + ": " + cause.getMessage(), cause);
        }
    }

    /// The address cannot be reached: nobody serves it.
    public static final class DialFailed extends ChannelException {
        DialFailed(ChannelAddress address, String why) {
            super(address, "Cannot dial " + address + ": " + why, null);
        }
    }

    /// The link, or all of [Channels], has ended or is about to.
    public static final class Closed extends ChannelException {
        private final transient @Nullable CloseReason reason;

        Closed(ChannelAddress address, @Nullable CloseReason reason) {
            super(
                    address,
                    "Link to "
                            + address
                            + (reason == null ? " is closing" : " has ended: " + reason),
                    causeOf(reason));
            this.reason = reason;
        }

        /// Why it ended; empty if it has not yet ended.
        public Optional<CloseReason> reason() {
            return Optional.ofNullable(reason);
        }

        private static @Nullable Throwable causeOf(@Nullable CloseReason reason) {
            if (reason instanceof CloseReason.ConnectionLost(Throwable cause)) {
                return cause;
            }
            if (reason instanceof CloseReason.PeerGone(Throwable cause)) {
                return cause;
            }
            return reason instanceof CloseReason.DialFailed(_, Throwable cause) ? cause : null;
        }
    }

    /// The body of a frame exceeds the limit. Nothing was taken and the link lives on.
    public static final class FrameTooLarge extends ChannelException {
        private final long length;
        private final int limit;

        FrameTooLarge(ChannelAddress address, long length, int limit) {
            super(
                    address,
                    "Frame of at least "
                            + length
                            + " bytes exceeds the limit of "
                            + limit
                            + " for "
                            + address,
                    null);
            this.length = length;
            this.limit = limit;
        }

        /// How many bytes the body had when it was given up; it may have become longer.
        public long length() {
            return length;
        }

        /// How many bytes it may have.
        public int limit() {
            return limit;
        }
    }
}
