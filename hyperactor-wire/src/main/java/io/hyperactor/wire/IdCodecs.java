package io.hyperactor.wire;

import io.hyperactor.wire.ChannelAddress.Alias;
import io.hyperactor.wire.ChannelAddress.Local;
import io.hyperactor.wire.ChannelAddress.Network;
import io.hyperactor.wire.ChannelAddress.Unix;

/// Addresses and ids as bytes: their parts, not their text, so that nothing is printed and parsed
/// per message.
///
/// By hand, since nearly every protocol contains them and generating their codecs would delay every
/// proc.
final class IdCodecs {

    private IdCodecs() {}

    static void write(WireWriter out, ChannelAddress address) {
        if (address instanceof Alias alias) {
            out.writeByte(Transport.ALIAS_TAG);
            writeHost(out, alias.dial());
            writeHost(out, alias.bind());
            return;
        }
        out.writeByte(address.transport().tag());
        if (address instanceof Local local) {
            out.writeLong(local.number());
        } else if (address instanceof Unix unix) {
            out.writeString(unix.path());
        } else {
            writeHost(out, (Network) address);
        }
    }

    private static void writeHost(WireWriter out, Network network) {
        out.writeString(network.host());
        out.writeShort(network.port());
    }

    static ChannelAddress readAddress(WireReader in) {
        int tag = in.readByte();
        if (tag == Transport.ALIAS_TAG) {
            return new Alias(readHost(in, Transport.TCP), readHost(in, Transport.TCP));
        }
        var transport = Transport.ofTag(tag);
        if (transport == null) {
            throw in.malformed("tag " + tag + " is not part of ChannelAddress");
        }
        return switch (transport) {
            case LOCAL -> new Local(in.readLong());
            case UNIX -> readUnix(in);
            case TCP, TLS, METATLS, QUIC, METAQUIC -> readHost(in, transport);
        };
    }

    private static Unix readUnix(WireReader in) {
        var path = in.readString();
        try {
            return new Unix(path);
        } catch (AddressSyntaxException e) {
            throw in.malformed("Unix refuses its components", e);
        }
    }

    private static Network readHost(WireReader in, Transport transport) {
        var host = in.readString();
        int port = in.readShort() & 0xFFFF;
        try {
            return new Network(transport, host, port);
        } catch (AddressSyntaxException e) {
            throw in.malformed("Network refuses its components", e);
        }
    }

    static void write(WireWriter out, ProcId proc) {
        write(out, proc.address());
        out.writeString(proc.name());
    }

    static ProcId readProc(WireReader in) {
        var address = readAddress(in);
        var name = in.readString();
        try {
            return new ProcId(address, name);
        } catch (InvalidNameException e) {
            throw in.malformed("ProcId refuses its components", e);
        }
    }

    static void write(WireWriter out, ActorId actor) {
        write(out, actor.proc());
        out.writeString(actor.name());
        out.writeVarint(actor.pid());
    }

    static ActorId readActor(WireReader in) {
        var proc = readProc(in);
        var name = in.readString();
        int pid = in.readVarint();
        try {
            return new ActorId(proc, name, pid);
        } catch (InvalidNameException | IllegalArgumentException e) {
            throw in.malformed("ActorId refuses its components", e);
        }
    }

    static void write(WireWriter out, PortId port) {
        write(out, port.actor());
        out.writeLong(port.index());
    }

    static PortId readPort(WireReader in) {
        return new PortId(readActor(in), in.readLong());
    }
}
