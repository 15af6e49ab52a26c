package io.hyperactor.channel;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What the kernel of Linux has in `/proc/net/tcp` and `tcp6`, for programs that may not call it
/// otherwise. Reading these takes time that grows with the sockets for which the machine has room.
final class SocketTables implements TcpSockets {
    private static final List<String> TABLES = List.of("tcp", "tcp6");
    private static final int ESTABLISHED = 1;
    private static final int LISTENING = 10;

    /// A line.
    private record Row(InetSocketAddress local, InetSocketAddress remote, int state, Owner owner) {
        boolean serves(InetSocketAddress asked) {
            return state == LISTENING
                    && local.getPort() == asked.getPort()
                    && (local.getAddress().isAnyLocalAddress()
                            || local.getAddress().equals(asked.getAddress()));
        }

        boolean connects(InetSocketAddress from, InetSocketAddress to) {
            return state == ESTABLISHED && local.equals(from) && remote.equals(to);
        }
    }

    private final Path directory;

    /// @param directory `/proc/net`
    SocketTables(Path directory) {
        this.directory = directory;
    }

    @Override
    public Optional<Owner> connected(InetSocketAddress end, InetSocketAddress peer)
            throws IOException {
        return owners(end.getPort(), row -> row.connects(end, peer)).stream().findFirst();
    }

    @Override
    public List<Owner> listening(InetSocketAddress address) throws IOException {
        return owners(address.getPort(), row -> row.serves(address));
    }

    /// Of the lines wanted, all of which have that port. Most others are not even taken apart.
    private List<Owner> owners(int port, Predicate<Row> wanted) throws IOException {
        String mark = ":" + HexFormat.of().withUpperCase().toHexDigits((short) port) + " ";
        List<Owner> owners = new ArrayList<>();
        for (String table : TABLES) {
            Path file = directory.resolve(table);
            if (!table.equals("tcp6") || Files.exists(file)) { // a kernel may have no IPv6
                try (BufferedReader lines = Files.newBufferedReader(file)) {
                    lines.lines()
                            .skip(1)
                            .filter(line -> line.contains(mark))
                            .map(SocketTables::row)
                            .filter(wanted)
                            .map(Row::owner)
                            .forEach(owners::add);
                } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                    throw new IOException(file + " is not what it was", e);
                }
            }
        }
        return owners;
    }

    private static Row row(String line) {
        String[] fields = line.strip().split("\\s+", -1);
        return new Row(
                endpoint(fields[1]),
                endpoint(fields[2]),
                Integer.parseInt(fields[3], 16),
                new Owner(Long.parseLong(fields[7]), Long.parseLong(fields[9])));
    }

    /// Words of 32 bits in the order of the machine, then a port. An address of version 4 that is
    /// written as one of version 6 comes out as what it is.
    private static InetSocketAddress endpoint(String text) {
        int colon = text.indexOf(':');
        byte[] bytes = HexFormat.of().parseHex(text, 0, colon);
        ByteBuffer words = ByteBuffer.wrap(bytes);
        for (int at = 0; at < bytes.length; at += Integer.BYTES) {
            int word = words.order(ByteOrder.nativeOrder()).getInt(at);
            words.order(ByteOrder.BIG_ENDIAN).putInt(at, word);
        }
        try {
            int port = Integer.parseInt(text, colon + 1, text.length(), 16);
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no address: " + text, e);
        }
    }
}
