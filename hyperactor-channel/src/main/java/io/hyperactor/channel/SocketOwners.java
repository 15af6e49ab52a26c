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
import java.util.function.Predicate;

/// Which users have the other ends of TCP connections within this machine, as the kernel of Linux
/// tells in `/proc/net/tcp` and `tcp6`.
///
/// Reading these takes time that grows with the sockets of the machine.
final class SocketOwners {
    private static final List<String> TABLES = List.of("tcp", "tcp6");
    private static final int ESTABLISHED = 1;
    private static final int LISTENING = 10;

    /// A line.
    ///
    /// @param inode 0 while nobody has accepted it
    private record Row(
            InetSocketAddress local, InetSocketAddress remote, int state, long uid, long inode) {
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
    private final long own;

    /// @param directory `/proc/net`
    /// @param own the user that others must be
    SocketOwners(Path directory, long own) {
        this.directory = directory;
        this.own = own;
    }

    /// What the system says, about the user of this process.
    ///
    /// @throws IOException where it says nothing
    static SocketOwners ofThisSystem() throws IOException {
        try {
            Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            SocketOwners owners =
                    new SocketOwners(Path.of("/proc/net"), ((Number) uid).longValue());
            List<Row> _ = owners.rows(0, row -> false);
            return owners;
        } catch (UnsupportedOperationException e) {
            throw new IOException("no users of sockets on this system", e);
        }
    }

    /// Fails unless the one who dialled us is of our user.
    ///
    /// @param local our end
    /// @param remote the other
    void checkDialler(InetSocketAddress local, InetSocketAddress remote) throws IOException {
        allOurs(rows(remote.getPort(), row -> row.connects(remote, local)), remote);
    }

    /// Fails unless the one whom we dialled is of our user. A connection that is not yet accepted
    /// is nobody's: then it is who listens.
    ///
    /// @param local our end
    /// @param remote the other
    void checkServer(InetSocketAddress local, InetSocketAddress remote) throws IOException {
        List<Row> found =
                rows(
                        remote.getPort(),
                        row ->
                                row.serves(remote)
                                        || (row.connects(remote, local) && row.inode != 0));
        allOurs(found, remote);
    }

    private void allOurs(List<Row> rows, InetSocketAddress peer) throws IOException {
        if (rows.isEmpty()) {
            throw new ForeignPeerException(peer, "unknown");
        }
        for (Row row : rows) {
            if (row.uid != own) {
                throw new ForeignPeerException(peer, Long.toString(row.uid));
            }
        }
    }

    /// The lines wanted, all of which have that port. Most others are not even taken apart.
    private List<Row> rows(int port, Predicate<Row> wanted) throws IOException {
        String mark = ":" + HexFormat.of().withUpperCase().toHexDigits((short) port) + " ";
        List<Row> rows = new ArrayList<>();
        for (String table : TABLES) {
            Path file = directory.resolve(table);
            if (!table.equals("tcp6") || Files.exists(file)) { // a kernel may have no IPv6
                try (BufferedReader lines = Files.newBufferedReader(file)) {
                    lines.lines()
                            .skip(1)
                            .filter(line -> line.contains(mark))
                            .map(SocketOwners::row)
                            .filter(wanted)
                            .forEach(rows::add);
                } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                    throw new IOException(file + " is not what it was", e);
                }
            }
        }
        return rows;
    }

    private static Row row(String line) {
        String[] fields = line.strip().split("\\s+", -1);
        return new Row(
                endpoint(fields[1]),
                endpoint(fields[2]),
                Integer.parseInt(fields[3], 16),
                Long.parseLong(fields[7]),
                Long.parseLong(fields[9]));
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
